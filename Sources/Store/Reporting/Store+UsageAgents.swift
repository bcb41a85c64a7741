import Domain
import Postgres

extension Store {
    /// Who used credits in the filter's period, whose bounds are first instants of days, by name: staff's e-mail addresses, labels of tokens, agents that
    /// callers named. The first `limit` of them. The rest of the filter is not looked at.
    public func usageAgents(of shop: Shop, _ filter: ReportFilter, limit: Int) async throws -> [String] {
        let query = """
            SELECT DISTINCT a.label COLLATE "C"
              FROM actor a
             WHERE a.shop_id = \(shop.id) AND a.actor_id IN (
                    SELECT m.actor_id FROM used_total(\(shop.id), \(filter.sinceSQL), \(filter.untilSQL)) m
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
