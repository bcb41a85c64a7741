import Synchronization

/// Lets so many in at a time; the others wait in the order in which they came.
final class Turns: Sendable {
    private struct State {
        var inside = 0
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let most: Int
    private let waitingMax: Int
    private let state = Mutex(State())

    init(most: Int, waitingMax: Int) { (self.most, self.waitingMax) = (most, waitingMax) }

    /// Runs the body when it is its turn. Throws `.poolFull` when too many are waiting, and what the body throws.
    func take<T>(_ body: () async throws -> T) async throws -> T {
        guard state.withLock({ $0.inside < most || $0.waiting.count < waitingMax }) else { throw PostgresError(.poolFull) }
        await withCheckedContinuation { continuation in
            let isIn = state.withLock { state in
                if state.inside < most { state.inside += 1; return true }
                state.waiting.append(continuation)
                return false
            }
            if isIn { continuation.resume() }
        }
        defer { leave() }
        try Task.checkCancellation()
        return try await body()
    }

    /// The place goes to who waits longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty { state.inside -= 1; return nil }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
