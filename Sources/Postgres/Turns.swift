import Dispatch
import Synchronization

/// Lets so many in at a time; the others wait in the order in which they came, not too many and not for ever.
final class Turns: Sendable {
    private struct State {
        var inside = 0
        var lastTicket: UInt64 = 0
        var waiting: [(ticket: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let most: Int
    private let waitingMax: Int
    private let waitSecondsMax: Double
    private let state = Mutex(State())

    init(most: Int, waitingMax: Int, waitSecondsMax: Double) { (self.most, self.waitingMax, self.waitSecondsMax) = (most, waitingMax, waitSecondsMax) }

    /// Runs the body when it is its turn. Throws `.poolFull` when too many are waiting, `.poolTimeout` when the turn does not come in time, `.cancelled`
    /// when the task is cancelled before, and what the body throws.
    func take<T>(_ body: () async throws -> T) async throws -> T {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await enter(ticket)
        defer { leave() }
        return try await body()
    }

    private func enter(_ ticket: UInt64) async throws {
        guard state.withLock({ $0.inside < most || $0.waiting.count < waitingMax }) else { throw PostgresError(.poolFull) }
        let isIn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isIn = state.withLock { state in
                    if state.inside < most { state.inside += 1; return true }
                    state.waiting.append((ticket, continuation))
                    return false
                }
                if isIn { return continuation.resume(returning: true) }
                DispatchQueue.global().asyncAfter(deadline: .now() + waitSecondsMax) { [weak self] in self?.giveUp(ticket) }
                if Task.isCancelled { giveUp(ticket) }
            }
        } onCancel: {
            giveUp(ticket)
        }
        if !isIn { throw PostgresError(Task.isCancelled ? .cancelled : .poolTimeout) }
        if Task.isCancelled {
            leave()
            throw PostgresError(.cancelled)
        }
    }

    /// Leaves the line, if still in it.
    private func giveUp(_ ticket: UInt64) {
        let continuation = state.withLock { state in
            state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).continuation }
        }
        continuation?.resume(returning: false)
    }

    /// The place goes to who waits longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting.isEmpty { state.inside -= 1; return nil }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
