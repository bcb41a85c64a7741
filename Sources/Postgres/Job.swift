import Dispatch
import Synchronization

/// One piece of work for one connection, and what cancelling its task does to it at each moment.
///
/// Waiting: it leaves the line. Running: the server is asked to stop, again and again, because a request that arrives between two
/// statements is ignored by the server. Settling (COMMIT or ROLLBACK is on its way): nothing, so that the outcome stays known.
final class Job: Sendable {
    private enum Phase {
        case waiting
        case running(CancelHandle)
        case settled
    }

    private struct State {
        var phase = Phase.waiting
        var isCancelled = false
    }

    /// How often and how long apart the server is asked to stop; after that the statement ends by itself or by `statement_timeout`.
    private static let cancelsMax = 600
    private static let cancelPauseMilliseconds = 50

    private let state = Mutex(State())

    var isCancelled: Bool { state.withLock { $0.isCancelled } }

    /// The work got a connection. Throws `.cancelled` when it is no longer wanted.
    func start(_ handle: CancelHandle) throws {
        let isCancelled = state.withLock { state in
            state.phase = .running(handle)
            return state.isCancelled
        }
        if isCancelled { throw PostgresError(.cancelled) }
    }

    /// Between two statements: throws `.cancelled` instead of starting the next one.
    func checkpoint() throws {
        if isCancelled { throw PostgresError(.cancelled) }
    }

    /// From here on a cancel does nothing; when this returns, none is in flight.
    func settle() {
        let handle = state.withLock { state -> CancelHandle? in
            guard case .running(let handle) = state.phase else { return nil }
            state.phase = .settled
            return handle
        }
        handle?.fence()
    }

    /// Never blocks; safe to call from anywhere, any number of times.
    func cancel() {
        state.withLock { $0.isCancelled = true }
        DispatchQueue.global(qos: .userInitiated).async { self.sendCancel(remaining: Self.cancelsMax) }
    }

    private func sendCancel(remaining: Int) {
        guard remaining > 0, let handle = runningHandle else { return }
        handle.send { self.runningHandle != nil }
        DispatchQueue.global(qos: .userInitiated).asyncAfter(deadline: .now() + .milliseconds(Self.cancelPauseMilliseconds)) {
            self.sendCancel(remaining: remaining - 1)
        }
    }

    private var runningHandle: CancelHandle? {
        state.withLock { state in
            guard case .running(let handle) = state.phase else { return nil }
            return handle
        }
    }
}
