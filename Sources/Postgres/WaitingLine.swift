import Dispatch

/// A caller that waits for a place in the pool.
struct Waiter: Sendable {
    let id: UInt64
    let deadline: DispatchTime
    /// Called on the queue of the place that became free.
    let start: @Sendable (Seat) -> Void
    let fail: @Sendable (PostgresError) -> Void
}

/// First come, first served; whoever is cancelled leaves from the middle. Everyone waits equally long, so deadlines come in order too.
struct WaitingLine {
    private var waiters: [UInt64: Waiter] = [:]
    private var order: [UInt64] = []
    private var head = 0

    /// Ids of those who left are swept out when they are this many and more than half.
    private static let sweepAt = 1_024

    var count: Int { waiters.count }

    mutating func append(_ waiter: Waiter) {
        waiters[waiter.id] = waiter
        order.append(waiter.id)
    }

    mutating func popFirst() -> Waiter? {
        while head < order.count {
            let id = order[head]
            head += 1
            sweep()
            if let waiter = waiters.removeValue(forKey: id) { return waiter }
        }
        return nil
    }

    mutating func remove(_ id: UInt64) -> Waiter? {
        waiters.removeValue(forKey: id)
    }

    /// When the one in front must be told that it waited too long.
    var firstDeadline: DispatchTime? {
        mutating get {
            while head < order.count {
                if let waiter = waiters[order[head]] { return waiter.deadline }
                head += 1
            }
            sweep()
            return nil
        }
    }

    private mutating func sweep() {
        guard head == order.count || (head >= Self.sweepAt && head * 2 > order.count) else { return }
        order.removeFirst(head)
        head = 0
    }
}
