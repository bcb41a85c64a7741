import Synchronization

/// What tasks and the transfer thread share: the requests that wait for a free place, and the wish to stop.
final class TransferInbox: Sendable {
    private enum Phase {
        case idle, running, stopping, stopped
    }

    private struct State {
        var phase = Phase.idle
        var waiting: [Transfer] = []
        var multi: MultiHandle?
        var stopWaiters: [CheckedContinuation<Void, Never>] = []
    }

    /// What the transfer thread is to do next.
    struct Work {
        var starting: [Transfer] = []
        var ended: [(transfer: Transfer, reason: HTTPFailure.Reason)] = []
        var isAnyWaiting = false
        var isStopping = false
    }

    private let waitersMax: Int
    private let state = Mutex(State())

    init(waitersMax: Int) {
        self.waitersMax = waitersMax
    }

    /// Returns the reason when the transfer is not accepted. The first one starts the thread by `start`, which returns its
    /// handle, nil when there cannot be one.
    func submit(_ transfer: Transfer, start: @Sendable () -> MultiHandle?) -> HTTPFailure.Reason? {
        state.withLock { state in
            guard state.phase != .stopping, state.phase != .stopped else { return .shutDown }
            guard state.waiting.count < waitersMax else { return .tooManyWaiting }
            if state.phase == .idle {
                state.multi = start()
                guard state.multi != nil else { return .other(code: HTTPFailure.outOfResourcesCode) }
                state.phase = .running
            }
            state.waiting.append(transfer)
            state.multi?.wakeUp()
            return nil
        }
    }

    func wakeUp() {
        state.withLock { $0.multi?.wakeUp() }
    }

    /// Called by the thread: at most `places` transfers to start, and those that were cancelled or overdue before their turn.
    func takeWork(places: Int, now: ContinuousClock.Instant) -> Work {
        state.withLock { state in
            var work = Work()
            work.isStopping = state.phase == .stopping
            var left: [Transfer] = []
            for transfer in state.waiting {
                if transfer.cancellation.isRaised {
                    work.ended.append((transfer, .cancelled))
                } else if work.isStopping {
                    work.ended.append((transfer, .shutDown))
                } else if transfer.deadline <= now {
                    work.ended.append((transfer, .timeoutTotal))
                } else if work.starting.count < places {
                    work.starting.append(transfer)
                } else {
                    left.append(transfer)
                }
            }
            state.waiting = left
            work.isAnyWaiting = !left.isEmpty
            return work
        }
    }

    /// Asks the thread to stop; returns at once.
    func stop() {
        state.withLock { state in
            if state.phase == .idle { state.phase = .stopped }
            if state.phase == .running { state.phase = .stopping }
            state.multi?.wakeUp()
        }
    }

    /// Returns when the thread has stopped.
    func waitUntilStopped() async {
        await withCheckedContinuation { continuation in
            let isStopped = state.withLock { state in
                if state.phase != .stopped { state.stopWaiters.append(continuation) }
                return state.phase == .stopped
            }
            if isStopped { continuation.resume() }
        }
    }

    /// Called by the thread before it closes the handle: nobody wakes it after that.
    func letGoOfHandle() {
        state.withLock { $0.multi = nil }
    }

    /// The last call of the thread.
    func threadHasStopped() {
        let waiters = state.withLock { state in
            state.phase = .stopped
            defer { state.stopWaiters = [] }
            return state.stopWaiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
