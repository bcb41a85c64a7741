import Domain
import FoundationEssentials
import Postgres

/// What usage is added up by.
public enum UsageDimension: String, Sendable, Hashable, CaseIterable {
    case month, plan, channel, customer, agent, category
}

/// Usage added up, net of what was given back. A dimension that was not asked for is nil.
public struct UsageRow: Sendable, Hashable {
    /// Its first day.
    public let month: CivilDay?
    public let plan: String?
    public let channel: Channel?
    public let customer: CustomerID?
    public let customerName: String?
    public let agent: String?
    /// The tags of the ticket that it was for, by name; of a closed period as they were when it was closed.
    public let category: String?
    public let currency: Currency
    /// Pieces of work, each counted once, without those that were wholly given back.
    public let contacts: Int64
    public let credits: Int64
    /// Minor units.
    public let value: Int64
}

extension Store {
    /// Usage by any of the dimensions and by currency, in their order: from the totals by day where nothing is asked of customers and tickets, else from the
    /// ledger itself. Of a closed period with tags and names as they were when it was closed.
    public func usageReport(
        of shop: Shop, _ filter: ReportFilter, by dimensions: Set<UsageDimension>, write: @escaping @Sendable ([UsageRow]) async throws -> Void
    ) async throws {
        func when(_ dimension: UsageDimension, _ column: String) -> String { dimensions.contains(dimension) ? column : "NULL" }
        let (isByCustomer, isByCategory) = (dimensions.contains(.customer), dimensions.contains(.category))
        let agent = filter.agent.map { " AND a.label = \(SQL.quoteLiteral($0))" } ?? ""
        let needsTicket = isByCustomer || isByCategory || filter.customer != nil
        let moves = needsTicket
            ? """
            usage_move m \(ReportFilter.joins("m"))
            JOIN ticket o ON o.shop_id = m.shop_id AND o.ticket_id = coalesce(m.for_ticket_id, m.ticket_id)
            """
            : """
            used_total(\(shop.id), \(filter.sinceSQL), \(filter.untilSQL)) m \(ReportFilter.plan("m"))
            """
        let query = """
            SELECT \(when(.month, Store.localMonth("m.effective_at", shop))), \(when(.plan, "p.name COLLATE \"C\"")), \(when(.channel, "m.channel COLLATE \"C\"")),
                   \(when(.customer, "t.customer_id")), \(when(.customer, "CASE WHEN n.customer_id IS NULL THEN c.name ELSE n.name END")),
                   \(when(.agent, "a.label COLLATE \"C\"")), \(when(.category, "array_to_string(CASE WHEN k.ticket_id IS NULL THEN o.tags ELSE k.tags END, ', ') COLLATE \"C\"")), m.currency,
                   sum(m.contacts), sum(m.used), sum(m.used_minor)
              FROM \(moves)
              \(isByCustomer ? Store.names(shop, filter) : "") \(isByCategory ? Store.tags(shop, filter) : "")
              LEFT JOIN actor a ON a.shop_id = m.shop_id AND a.actor_id = m.actor_id
             WHERE \(filter.condition("m", shop: shop.id)) AND m.effective_at >= \(filter.sinceSQL) AND m.effective_at < \(filter.untilSQL)\(agent)
             GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2 NULLS LAST, 3, 4, 6, 7, 8
            """
        try await reportRows(query, { row in
            UsageRow(
                month: try row.day(), plan: try row.text(), channel: try row.text().flatMap(Channel.init(rawValue:)),
                customer: try row.whole().map(CustomerID.init), customerName: try row.text(), agent: try row.text(), category: try row.text(),
                currency: try row.currency(), contacts: try row.figure(), credits: try row.figure(), value: try row.figure())
        }, write: write)
    }
}

extension Store {
    /// `c`, the customers, and `n`, what a closed period calls them.
    private static func names(_ shop: Shop, _ filter: ReportFilter) -> String {
        """
        JOIN customer c ON c.shop_id = t.shop_id AND c.customer_id = t.customer_id
        LEFT JOIN (\(namesKept(shop, until: filter.untilSQL))) n ON n.customer_id = t.customer_id
        """
    }

    /// The names that were changed since, as a period shows them that ends at the instant and is closed; of an open one there are none.
    static func namesKept(_ shop: Shop, until: String) -> String {
        """
        SELECT DISTINCT ON (k.customer_id) k.customer_id, k.name FROM period_name k
         WHERE k.shop_id = \(shop.id) AND k.closed_until >= \(until) ORDER BY k.customer_id, k.closed_until
        """
    }

    /// `k`, the tags that a closed period shows, where they were changed since.
    private static func tags(_ shop: Shop, _ filter: ReportFilter) -> String {
        """
        LEFT JOIN (SELECT DISTINCT ON (x.ticket_id) x.ticket_id, x.tags FROM period_tags x
                    WHERE x.shop_id = \(shop.id) AND x.closed_until >= \(filter.untilSQL) ORDER BY x.ticket_id, x.closed_until) k ON k.ticket_id = o.ticket_id
        """
    }
}
