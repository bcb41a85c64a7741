/// Whose attempts to sign in are counted together.
enum ClientAddress {
    /// The peer of the connection. With a public URL a proxy on this machine stands before us, and its word (the last of `X-Forwarded-For`)
    /// is taken; nobody else's is.
    static func of(peer: String?, forwarded: String?, _ site: Site) -> String {
        let peer = peer ?? "unknown"
        guard site.publicURL != nil, peer == "127.0.0.1" || peer == "::1", let last = forwarded?.split(separator: ",").last else { return peer }
        let address = String(last.filter { $0 != " " })
        let letters = Set("0123456789abcdefABCDEF.:".utf8)
        return (2...45).contains(address.utf8.count) && address.utf8.allSatisfy(letters.contains) ? address : peer
    }
}
