import Domain
import FoundationEssentials
import Synchronization

/// Tokens as last read, by their hash. A token that is not found is read anew every time.
final class TokenCache: Sendable {
    /// A retired token may still be good for so long, in each daemon.
    static let secondsMax = 2.0
    /// Tokens remembered before all are forgotten.
    static let tokensMax = 10_000

    struct Known: Sendable {
        let shop: ShopID
        let caller: Caller
    }
    private let state = Mutex<[[UInt8]: (known: Known, readAt: Date)]>([:])

    func find(_ hash: [UInt8], now: Date) -> Known? {
        state.withLock { tokens in
            guard let token = tokens[hash], abs(now.timeIntervalSince(token.readAt)) < TokenCache.secondsMax else { return nil }
            return token.known
        }
    }

    func keep(_ hash: [UInt8], _ known: Known, now: Date) {
        state.withLock { tokens in
            if tokens.count >= TokenCache.tokensMax { tokens = [:] }
            tokens[hash] = (known, now)
        }
    }

    func forgetAll() { state.withLock { $0 = [:] } }
}
