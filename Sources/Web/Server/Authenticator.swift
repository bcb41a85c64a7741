import Domain
import Store

/// Who bears the token of an `Authorization` header (RFC 6750). The store remembers tokens for a moment, so that a spend pays no query for it.
enum Authenticator {
    /// Bytes; a longer one is none of ours.
    static let tokenBytesMax = 256

    /// Nil when the header is missing or holds no token of ours.
    static func identity(_ authorization: String?, _ store: Store) async throws -> Identity? {
        guard let token = authorization.flatMap(token), let found = try await store.authenticate(token: token) else { return nil }
        return Identity(shop: found.shop, caller: found.caller)
    }

    /// The scheme may be written in any case.
    private static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].utf8
        guard (1...tokenBytesMax).contains(token.count), token.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(parts[1])
    }
}
