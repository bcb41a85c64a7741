import Domain
import Synchronization

/// What a walk has met.
final class Met: Sendable {
    private let state = Mutex<(pages: Int, ids: [OrderID])>((0, []))

    var count: Int { state.withLock { $0.pages } }
    var ids: [OrderID] { state.withLock { $0.ids } }

    func add(_ ids: [OrderID]) {
        state.withLock { state in
            state.pages += 1
            state.ids += ids
        }
    }
}
