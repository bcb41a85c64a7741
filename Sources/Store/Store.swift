import FoundationEssentials
import Logging
import Postgres

/// What the program remembers, and all the SQL there is. One method is one use case and one transaction.
///
/// What may be refused comes back as a value; what is thrown is a fault. Concrete on purpose: tests use a real PostgreSQL.
public final class Store: Sendable {
    public let pool: Pool
    /// For files that are read as slowly as their readers like: however many are being read, the pool is there for everybody else.
    let streams: Pool
    /// Now, as everything that is written takes it. Handed in, so that a test can move it.
    public let clock: @Sendable () -> Date
    /// Where whoever works with the store tells of the database's faults.
    public let faults: FaultLog
    let logger: Logger
    let shops = ShopCache()
    let tokenCache = TokenCache()
    let lanes: SpendLanes
    let desk: DeskHub

    /// Without `streams`, files share the pool with everybody else.
    public init(pool: Pool, streams: Pool? = nil, logger: Logger, clock: @escaping @Sendable () -> Date = { Date() }) {
        self.pool = pool
        self.streams = streams ?? pool
        self.logger = logger
        self.clock = clock
        let faults = FaultLog(logger: logger)
        self.faults = faults
        lanes = SpendLanes(pool: pool, clock: clock, faults: faults)
        desk = DeskHub(pool: pool, faults: faults)
    }

    /// Ends all connections, after what is running.
    public func shutdown() async {
        if streams !== pool { await streams.shutdown() }
        await pool.shutdown()
    }
}
