import Synchronization

/// The figures of a pool, counted from every queue.
final class PoolCounters: Sendable {
    private let statistics = Mutex(PoolStatistics())

    var current: PoolStatistics { statistics.withLock { $0 } }

    func update(_ change: (inout PoolStatistics) -> Void) {
        statistics.withLock { change(&$0) }
    }
}
