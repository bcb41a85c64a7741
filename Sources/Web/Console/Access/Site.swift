/// Where people reach the console, and what follows for cookies and for requests that come from elsewhere.
struct Site: Sendable {
    /// `https://support.example`; nil when whatever the browser calls us is right.
    let publicURL: String?

    init(publicURL: String?) {
        var url = publicURL
        if url?.hasSuffix("/") == true { url?.removeLast() }
        self.publicURL = url?.lowercased()
    }

    /// Behind TLS: cookies are `Secure`, and browsers are told to keep to it.
    var isSecure: Bool { publicURL?.hasPrefix("https://") ?? false }

    /// True when the browser says that one of our own pages sent the request, or says nothing. The CSRF token is asked for besides.
    /// `fetchSite` is `Sec-Fetch-Site` (Fetch Metadata, W3C).
    func isOwn(origin: String?, fetchSite: String?, host: String?) -> Bool {
        if let fetchSite, fetchSite != "same-origin", fetchSite != "none" { return false }
        guard let origin else { return true }
        if let publicURL { return origin.lowercased() == publicURL }
        guard let host else { return false }
        return origin.lowercased() == "http://" + host.lowercased()
    }

    /// An address of ours as others must write it; nil without a public one.
    func absolute(_ path: String) -> String? { publicURL.map { $0 + path } }
}
