import Postgres

extension Store {
    /// Gives the body a store of which all reports are of one moment, this one, so that files that are written one after the other agree while others work on.
    ///
    /// What is due by now is written first; the clock of that store stands. Nothing can be written through it, and it ends with the body. A store that is
    /// of one moment gives itself.
    public func atOneMoment<T: Sendable>(_ body: (Store) async throws -> T) async throws -> T {
        if pool.isOfOneMoment { return try await body(self) }
        // The clock before the settling: what is owed by it has its entries.
        let now = clock()
        try await settleForReport()
        return try await pool.atOneMoment { pool in
            try await body(Store(pool: pool, logger: logger) { now })
        }
    }
}
