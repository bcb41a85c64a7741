import FoundationEssentials
import Logging
import Postgres

/// What the program remembers, and all the SQL there is. One method is one use case and one transaction.
///
/// What may be refused comes back as a value; what is thrown is a fault. Concrete on purpose: tests use a real PostgreSQL.
public final class Store: Sendable {
    public let pool: Pool
    /// Now, as everything that is written takes it. Handed in, so that a test can move it.
    public let clock: @Sendable () -> Date
    /// Where whoever works with the store tells of the database's faults.
    public let faults: FaultLog
    let logger: Logger
    let shops = ShopCache()
    let tokenCache = TokenCache()
    let lanes: SpendLanes
    let desk: DeskHub

    public init(pool: Pool, logger: Logger, clock: @escaping @Sendable () -> Date = { Date() }) {
        self.pool = pool
        self.logger = logger
        self.clock = clock
        let faults = FaultLog(logger: logger)
        self.faults = faults
        lanes = SpendLanes(pool: pool, clock: clock, faults: faults)
        desk = DeskHub(pool: pool, faults: faults)
    }
}
