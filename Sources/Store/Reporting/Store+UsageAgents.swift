import Domain
import Postgres

extension Store {
    /// Who used credits in the filter's period, whose bounds are first instants of days, by name: staff's e-mail addresses, labels of tokens, agents that
    /// callers named. The first `limit` of them. The rest of the filter is not looked at.
    ///
    /// Whole days from the totals, but by their index alone; what is not folded yet is what `usage_total` has beyond all days.
    public func usageAgents(of shop: Shop, _ filter: ReportFilter, limit: Int) async throws -> [String] {
        func day(_ bound: String) -> String { "(SELECT (\(bound) AT TIME ZONE f.time_zone)::date FROM ledger_fold f WHERE f.shop_id = \(shop.id))" }
        let query = """
            SELECT DISTINCT a.label COLLATE "C"
              FROM actor a
             WHERE a.shop_id = \(shop.id) AND a.actor_id IN (
                    SELECT d.actor_id FROM usage_day d
                     WHERE d.shop_id = \(shop.id) AND d.day >= \(day(filter.sinceSQL)) AND d.day < \(day(filter.untilSQL))
                     UNION ALL
                    SELECT m.actor_id FROM usage_total(\(shop.id), 'infinity', 'infinity') m
                     WHERE m.effective_at >= \(filter.sinceSQL) AND m.effective_at < \(filter.untilSQL))
             ORDER BY 1 LIMIT \(limit)
            """
        return try await reportRows(query) { try $0.word() }
    }

    /// Whether anybody of that name ever wrote into the shop's ledger.
    public func knowsAgent(_ name: String, in shop: ShopID) async throws -> Bool {
        try await pool.read { connection in
            try connection.queryOne("SELECT EXISTS (SELECT FROM actor a WHERE a.shop_id = \(shop)::bigint AND a.label = \(name))") { try $0.next(Bool.self) } ?? false
        }
    }
}
