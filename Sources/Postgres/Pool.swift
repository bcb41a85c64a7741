import Dispatch
import Logging
import Synchronization

/// A few connections to one database, shared by any number of tasks.
///
/// Nothing of it blocks Swift's cooperative threads: whatever libpq does happens on the serial queue of a connection, and a task that
/// waits is suspended. Callers are served in the order they came; both their number and their patience are limited. A lost connection is
/// made again at its next use.
public final class Pool: Sendable {
    public let configuration: PoolConfiguration
    let logger: Logger
    let counters = PoolCounters()
    private let state = Mutex(PoolState())
    let listeners = Mutex<[ObjectIdentifier: Listener]>([:])
    private let clerk = DispatchQueue(label: "postgres.pool")
    let moments = Turns(most: Pool.momentsMax, waitingMax: Pool.momentWaitersMax, waitSecondsMax: Pool.momentWaitSecondsMax)

    /// Connects to nothing yet.
    public init(_ configuration: PoolConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    public var statistics: PoolStatistics {
        var statistics = counters.current
        state.withLock { state in
            statistics.idle = state.idle.count
            statistics.busy = state.seatCount - state.idle.count
            statistics.waiting = state.line.count
        }
        return statistics
    }

    /// Finds a place for work, now or later. Exactly one of `start` (on the place's queue) and `fail` is called, once.
    func submit(_ job: Job, id: UInt64, start: @escaping @Sendable (Seat) -> Void, fail: @escaping @Sendable (PostgresError) -> Void) {
        let deadline = DispatchTime.now() + configuration.waitSecondsMax
        let waiter = Waiter(id: id, deadline: deadline, start: start, fail: fail)
        let decision = state.withLock { state in
            state.admit(waiter, isCancelled: job.isCancelled, configuration) { index in
                Seat(index: index, self.configuration, counters: self.counters, logger: self.logger)
            }
        }
        switch decision {
        case .start(let seat): seat.queue.async { start(seat) }
        case .wait(let isFirst):
            counters.update { $0.waitedTotal += 1 }
            if isFirst { clerk.asyncAfter(deadline: deadline) { self.dismissLate() } }
        case .refuse(let error):
            counters.update { $0.refusedFullTotal += error.kind == .poolFull ? 1 : 0 }
            fail(error)
        }
    }

    /// Gives the place to whoever waits longest, or puts it aside.
    func release(_ seat: Seat) {
        counters.update { $0.workTotal += 1 }
        let (next, isLast) = state.withLock { state in (state.release(seat), state.isDrained) }
        if let next { seat.queue.async { next.start(seat) } }
        if isLast { finishShutdown() }
    }

    /// A cancelled task leaves the line.
    func abandon(_ id: UInt64) {
        guard let waiter = state.withLock({ $0.line.remove(id) }) else { return }
        waiter.fail(PostgresError(.cancelled))
    }

    /// Tells those who waited too long, and comes back when the next one is due.
    private func dismissLate() {
        let now = DispatchTime.now()
        let (late, next) = state.withLock { $0.dismissLate(now) }
        counters.update { $0.waitTimeoutTotal += late.count }
        for waiter in late { waiter.fail(PostgresError(.poolTimeout)) }
        if let next { clerk.asyncAfter(deadline: next) { self.dismissLate() } }
    }

    /// Refuses new work, waits for what runs (cancelling it after `shutdownSecondsMax`) and closes every connection.
    public func shutdown() async {
        let waiting = state.withLock { $0.close() }
        for waiter in waiting { waiter.fail(PostgresError(.poolClosed)) }
        for listener in listeners.withLock({ Array($0.values) }) { listener.stop() }
        clerk.asyncAfter(deadline: .now() + configuration.shutdownSecondsMax) { self.cancelRunning() }
        await withCheckedContinuation { continuation in
            state.withLock { $0.drainWaiters.append(continuation) }
            if state.withLock({ $0.isDrained }) { finishShutdown() }
        }
    }

    /// Remembers work until it ends, under an id that grows.
    func register(_ job: Job) -> UInt64 {
        state.withLock { state in
            state.lastID += 1
            state.running[state.lastID] = job
            return state.lastID
        }
    }

    func unregister(_ id: UInt64) {
        state.withLock { $0.running[id] = nil }
    }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    private func cancelRunning() {
        for job in state.withLock({ Array($0.running.values) }) { job.cancel() }
    }

    private func finishShutdown() {
        let (seats, waiters) = state.withLock { $0.takeDrained() }
        let group = DispatchGroup()
        for seat in seats { seat.queue.async(group: group) { seat.close() } }
        group.notify(queue: clerk) { for waiter in waiters { waiter.resume() } }
    }
}
