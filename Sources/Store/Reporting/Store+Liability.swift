import Domain
import FoundationEssentials
import Postgres

/// What is owed of one grant at an instant.
public struct LiabilityRow: Sendable, Hashable {
    public let customer: CustomerID
    public let customerName: String?
    public let ticket: TicketID
    public let order: OrderID?
    public let plan: String?
    public let channel: Channel
    public let grant: GrantID
    public let currency: Currency
    /// Credits that remain or are held.
    public let credits: Int64
    /// What they defer, in minor units.
    public let deferred: Int64
    /// The first instant at which they no longer count; nil: never.
    public let expiresAt: Date?
    /// Whole days until then, as of the report's instant, rounded up; nil: never.
    public let expiresInDays: Int64?
}

extension Store {
    /// What is owed as of an instant, by customer and grant. From the grants as they are, less what moved since; so it must agree with
    /// the sum of what moved until then, which `liabilityTotals` answers. Customers are called as they were when the instant's month was closed. The filter's
    /// period and agent are not looked at.
    public func liability(
        of shop: Shop, at instant: Date, _ filter: ReportFilter, write: @escaping @Sendable ([LiabilityRow]) async throws -> Void
    ) async throws {
        let query = "\(Store.owed(of: shop, at: instant, now: clock(), filter)) ORDER BY customer_id, grant_id"
        try await reportRows(query, { row in
            LiabilityRow(
                customer: CustomerID(try row.figure()), customerName: try row.text(), ticket: TicketID(try row.figure()),
                order: try row.whole().map(OrderID.init), plan: try row.text(), channel: try row.channel(), grant: GrantID(try row.figure()),
                currency: try row.currency(), credits: try row.figure(), deferred: try row.figure(), expiresAt: try row.instant(),
                expiresInDays: try row.whole())
        }, write: write)
    }

    /// The grants that still owe something at the instant.
    static func owed(of shop: Shop, at instant: Date, now: Date, _ filter: ReportFilter) -> String {
        let at = ReportFilter.instant(instant)
        let customer = """
            t.customer_id, CASE WHEN x.customer_id IS NULL THEN (SELECT c.name FROM customer c WHERE c.shop_id = t.shop_id AND c.customer_id = t.customer_id)
                   ELSE x.name END AS customer_name,
            """
        let names = "LEFT JOIN (\(Store.namesKept(shop, until: "\(at) + interval '1 microsecond'"))) x ON x.customer_id = t.customer_id"
        let ofCustomer = filter.customer.map { " AND " + ReportFilter.isOf($0, "m", shop: shop.id) } ?? ""
        return """
            WITH later AS MATERIALIZED (
                SELECT m.grant_id, sum(m.credits) AS credits, sum(m.money) AS money
                  FROM ledger_net m WHERE m.shop_id = \(shop.id) AND m.effective_at > \(at)\(ofCustomer) GROUP BY 1)
            SELECT \(customer) g.ticket_id, g.order_id, p.name AS plan, g.channel, g.grant_id, g.currency, g.remaining + g.held - coalesce(n.credits, 0) AS credits,
                   g.value_minor - g.value_taken - coalesce(n.money, 0) AS deferred, \(Store.micros("nullif(g.expires_at, 'infinity')")) AS expires_micros,
                   \(Store.days(until: "g.expires_at", from: at)) AS days
              FROM \(ReportFilter.owing(shop: shop.id, at: min(instant, now), others: "SELECT grant_id FROM later")) g \(ReportFilter.joins("g"))
              LEFT JOIN later n ON n.grant_id = g.grant_id
              \(names)
             WHERE \(filter.condition("g", shop: shop.id))
               AND (g.remaining + g.held <> coalesce(n.credits, 0) OR g.value_minor - g.value_taken <> coalesce(n.money, 0))
            """
    }

    /// Whole days from an instant until another, rounded up; NULL where that never comes.
    static func days(until column: String, from instant: String) -> String {
        "ceil(extract(epoch FROM nullif(\(column), 'infinity') - \(instant)) / 86400)::bigint"
    }

    /// What everything that moved until the instant adds up to: credits and minor units by currency.
    public func liabilityTotals(of shop: Shop, at instant: Date, _ filter: ReportFilter) async throws -> [(currency: Currency, credits: Int64, deferred: Int64)] {
        let query = "SELECT r.currency, sum(r.credits), sum(r.deferred) FROM (\(Store.owedTotals(of: shop, at: instant, filter))) r GROUP BY 1 ORDER BY 1"
        return try await reportRows(query) { row in (try row.currency(), try row.figure(), try row.figure()) }
    }

    /// What was owed after the instant by what moved until then: currency, expires_at, credits, deferred. From totals where nothing is asked of customers.
    static func owedTotals(of shop: Shop, at instant: Date, _ filter: ReportFilter) -> String {
        let at = ReportFilter.instant(instant)
        let moves = filter.customer == nil ? "owed_total(\(shop.id), \(at)) m" : """
            (SELECT n.shop_id, n.ticket_id, n.currency, n.plan_id, n.channel, n.expires_at, n.sold - n.used - n.expired - n.refunded + n.adjusted AS credits,
                    n.sold_minor - n.used_minor - n.expired_minor - n.refunded_minor + n.adjusted_minor AS deferred
               FROM ledger_move n WHERE n.effective_at <= \(at)) m
            """
        return """
            SELECT m.currency, m.expires_at, m.credits, m.deferred FROM \(moves) \(ReportFilter.plan("m")) WHERE \(filter.condition("m", shop: shop.id))
            """
    }
}
