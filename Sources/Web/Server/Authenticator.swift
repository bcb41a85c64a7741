import Crypto
import Domain
import FoundationEssentials
import Store
import Synchronization

/// Who bears which token. What the store said is remembered for `rememberedSecondsMax`, so a retired token works that much longer at most;
/// a token that was refused is asked about again each time.
final class Authenticator: Sendable {
    static let rememberedSecondsMax = 2.0
    /// Tokens remembered before all are forgotten.
    static let rememberedMax = 10_000
    /// Bytes; a longer one is none of ours.
    static let tokenBytesMax = 256

    private struct Remembered {
        let identity: Identity
        let until: ContinuousClock.Instant
    }

    private let store: Store
    /// By the token's SHA-256: the tokens themselves are not kept.
    private let remembered = Mutex<[SHA256Digest: Remembered]>([:])

    init(store: Store) { self.store = store }

    /// The bearer of an `Authorization` header; nil when it is no token of ours.
    func identity(authorization: String?) async throws -> Identity? {
        guard let token = authorization.flatMap(Authenticator.token) else { return nil }
        let digest = SHA256.hash(data: Array(token.utf8))
        let now = ContinuousClock.now
        if let known = remembered.withLock({ $0[digest] }), known.until > now { return known.identity }
        guard let found = try await store.authenticate(token: token) else {
            remembered.withLock { $0[digest] = nil }
            return nil
        }
        let identity = Identity(shop: found.shop, caller: found.caller)
        remembered.withLock { remembered in
            if remembered.count >= Authenticator.rememberedMax { remembered = [:] }
            remembered[digest] = Remembered(identity: identity, until: now + .seconds(Authenticator.rememberedSecondsMax))
        }
        return identity
    }

    /// RFC 6750, with the scheme in any case.
    private static func token(_ header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].utf8
        guard (1...tokenBytesMax).contains(token.count), token.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        return String(parts[1])
    }
}
