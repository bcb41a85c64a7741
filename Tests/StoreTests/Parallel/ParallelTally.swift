import Domain
import Store
import Synchronization

/// What all workers together were told.
final class ParallelTally: Sendable {
    /// Failures that are kept; more would say nothing new.
    static let failuresMax = 20

    private struct State {
        var spent: Int64 = 0
        var failures: [String] = []
        var usages: [EntryID] = []
        var modified = 0
    }
    private let state = Mutex(State())

    var failures: [String] { state.withLock { $0.failures } }
    /// Credits acknowledged as used, less what was given back.
    var spent: Int64 { state.withLock { $0.spent } }
    /// A usage that somebody booked.
    var anyUsage: EntryID? { state.withLock { $0.usages.randomElement() } }
    /// Grows, so that each sight of an order is newer than the one before.
    var nextVersion: Int { state.withLock { $0.modified += 1; return $0.modified } }

    func used(_ quantity: Int64, _ usage: EntryID? = nil) {
        state.withLock { state in
            state.spent += quantity
            if let usage { state.usages.append(usage) }
        }
    }

    func failed(_ what: String) {
        state.withLock { if $0.failures.count < ParallelTally.failuresMax { $0.failures.append(what) } }
    }
}
