import Postgres

extension Store {
    /// Counters settled in one transaction: few, because their locks are held until its end.
    public static let settleCountersMax = 100
    /// Grants told of in one transaction.
    public static let noticesMax = 200

    /// Writes what expired or lapsed by now, up to `settleCountersMax` counters, skipping those that somebody is working on (P8: reads are
    /// true without it). Returns how many were settled; fewer than the limit means that nothing else is due.
    public func settleDue(limit: Int = settleCountersMax) async throws -> Int {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try connection.queryOne("SELECT settle_due(\(now)::timestamptz, \(limit)::integer)") { try $0.next(Int.self) } ?? 0
        }
    }

    /// Ids of the ledger folded into the totals by day in one transaction.
    public static let foldMax: Int64 = 200_000

    /// Folds what is new in the ledger into the totals by day that reports read, up to `foldMax` ids a shop. Nothing depends on when: what
    /// is not folded yet is added by whoever reads. Returns how many ids are left.
    public func foldLedger(limit: Int64 = foldMax) async throws -> Int {
        var left = 0
        for shop in try await allShops() {
            left += try await pool.transaction { connection in
                try connection.queryOne("SELECT fold_ledger(\(shop.id)::bigint, \(limit)::bigint)") { try $0.next(Int.self) } ?? 0
            }
        }
        return left
    }

    /// Writes the expiry notices (30, 7 and 1 days before) that are due by now, up to `noticesMax`. Returns how many were written.
    public func notifyExpiring(limit: Int = noticesMax) async throws -> Int {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try connection.queryOne("SELECT notify_expiring(\(now)::timestamptz, \(limit)::integer)") { try $0.next(Int.self) } ?? 0
        }
    }
}
