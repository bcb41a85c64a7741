import Dispatch

/// Who has a place, who waits for one, and whether the pool is closing. Lives under the pool's lock and calls nobody.
struct PoolState {
    enum Decision {
        case start(Seat)
        case wait(isFirst: Bool)
        case refuse(PostgresError)
    }

    var idle: [Seat] = []
    var seatCount = 0
    var line = WaitingLine()
    var lastID: UInt64 = 0
    var running: [UInt64: Job] = [:]
    var drainWaiters: [CheckedContinuation<Void, Never>] = []
    private(set) var isClosed = false
    private var hasTimer = false

    /// Every place is back and no new work is taken.
    var isDrained: Bool { isClosed && idle.count == seatCount }

    /// The place used last is taken first: its memory and its backend's are warm.
    mutating func admit(_ waiter: Waiter, isCancelled: Bool, _ configuration: PoolConfiguration, makeSeat: (Int) -> Seat) -> Decision {
        if isClosed { return .refuse(PostgresError(.poolClosed)) }
        if isCancelled { return .refuse(PostgresError(.cancelled)) }
        if let seat = idle.popLast() { return .start(seat) }
        if seatCount < max(1, configuration.connectionsMax) {
            seatCount += 1
            return .start(makeSeat(seatCount))
        }
        guard line.count < configuration.waitersMax else { return .refuse(PostgresError(.poolFull)) }
        line.append(waiter)
        defer { hasTimer = true }
        return .wait(isFirst: !hasTimer)
    }

    mutating func release(_ seat: Seat) -> Waiter? {
        if let next = line.popFirst() { return next }
        idle.append(seat)
        return nil
    }

    mutating func dismissLate(_ now: DispatchTime) -> (late: [Waiter], next: DispatchTime?) {
        var late: [Waiter] = []
        while let deadline = line.firstDeadline, deadline <= now, let waiter = line.popFirst() { late.append(waiter) }
        let next = line.firstDeadline
        hasTimer = next != nil
        return (late, next)
    }

    mutating func close() -> [Waiter] {
        isClosed = true
        var waiting: [Waiter] = []
        while let waiter = line.popFirst() { waiting.append(waiter) }
        return waiting
    }

    mutating func takeDrained() -> (seats: [Seat], waiters: [CheckedContinuation<Void, Never>]) {
        defer { drainWaiters = [] }
        return (idle, drainWaiters)
    }
}
