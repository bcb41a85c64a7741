import Synchronization

/// What the running shop counts and how it behaves just now.
final class ShopSwitchboard: Sendable {
    /// Requests remembered for tests.
    static let recentMax = 1_000

    private struct State {
        var outage: Outage?
        /// Requests the outage still concerns; nil is all.
        var remaining: Int?
        var served = 0
        var recent: [String] = []
    }

    private let state = Mutex(State())

    var served: Int { state.withLock { $0.served } }
    var recent: [String] { state.withLock { $0.recent } }
    var outage: Outage? { state.withLock { $0.outage } }

    func behave(_ outage: Outage?, requests: Int?) {
        state.withLock {
            $0.outage = outage
            $0.remaining = requests
        }
    }

    /// Counts a request and says which outage it meets.
    func meet(_ target: String) -> Outage? {
        state.withLock { state in
            state.served += 1
            if state.recent.count >= ShopSwitchboard.recentMax { state.recent.removeFirst(ShopSwitchboard.recentMax / 10) }
            state.recent.append(target)
            guard let outage = state.outage else { return nil }
            if let remaining = state.remaining {
                state.remaining = remaining - 1
                if remaining <= 1 { state.outage = nil }
            }
            return outage
        }
    }
}
