import Domain
import FoundationEssentials
import Postgres

/// An order of the shop, and what became of it here.
public struct OrderReportRow: Sendable, Hashable {
    public let order: OrderID
    public let number: String
    public let created: CivilDay
    public let paid: CivilDay?
    public let status: String
    public let currency: Currency
    /// What was to be paid, taxes and shipping included, in minor units.
    public let total: Int64
    /// Of its lines of paid support, before tax, in minor units.
    public let sold: Int64
    public let refunded: Int64
    public let deferred: Int64
    /// By number.
    public let tickets: String?
    public let granted: Int64
    public let revoked: Int64
    public let used: Int64
    public let shortfall: Int64
    /// Why a person should look at it, in words with commas; nil when all is as the shop says.
    public let mismatch: String?
}

extension Store {
    /// Every order that was seen, in the order of the shop's ids. The period goes by when the order was created, or by the first open day where its month was
    /// closed when it was first seen. Of a period that is closed, every order as it was shown when its month was closed.
    public func ordersReport(of shop: Shop, _ filter: ReportFilter, write: @escaping @Sendable ([OrderReportRow]) async throws -> Void) async throws {
        var conditions = ["o.shop_id = \(shop.id)", "o.listed_at >= \(filter.sinceSQL)", "o.listed_at < \(filter.untilSQL)"]
        if let customer = filter.customer { conditions.append("o.customer_id = \(customer)") }
        if let currency = filter.currency { conditions.append("o.currency = \(SQL.quoteLiteral(currency.code))") }
        if let plan = filter.plan {
            conditions.append(
                "EXISTS (SELECT FROM order_line l JOIN plan p ON p.shop_id = l.shop_id AND p.plan_id = l.plan_id"
                    + " WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id AND p.name = \(SQL.quoteLiteral(plan)))")
        }
        let columns = "order_id, listed_at, number, created_at, paid_at, status, currency, total_minor, customer_id, flags, usability, matched, net_minor, tickets"
        let figures = "currency, sold, refunded, deferred, granted, revoked, used, shortfall"
        func ofOrder(_ isClosed: String) -> String {
            let channel = filter.channel.map { " AND x.channel = \(SQL.quoteLiteral($0.rawValue))" } ?? ""
            return "x WHERE x.shop_id = o.shop_id AND x.order_id = o.order_id AND \(isClosed)\(channel)"
        }
        let query = """
            SELECT o.order_id, o.number, \(Store.localDay("o.created_at", shop)), \(Store.localDay("o.paid_at", shop)), o.status, o.currency, o.total_minor,
                   g.sold, g.refunded, g.deferred, o.tickets, g.granted, g.revoked, g.used, g.shortfall,
                   nullif(concat_ws(', ', nullif(array_to_string(o.flags, ', '), ''), CASE WHEN g.shortfall > 0 THEN 'shortfall' END,
                       CASE WHEN g.currency <> o.currency THEN 'other-currency' END,
                       CASE WHEN o.usability = 'entitled' AND o.matched AND g.granted IS NULL AND o.total_minor > 0 THEN 'nothing-granted' END,
                       CASE WHEN \(filter.channel == nil) AND g.sold - g.refunded <> o.net_minor THEN 'books-differ' END), '')
              FROM (SELECT s.books_closed_until >= \(filter.untilSQL) AS is_closed FROM shop s WHERE s.shop_id = \(shop.id)) c
             CROSS JOIN LATERAL (SELECT shop_id, \(columns) FROM order_now x WHERE NOT c.is_closed
                                 UNION ALL SELECT shop_id, \(columns) FROM period_order x WHERE c.is_closed) o
             CROSS JOIN LATERAL (
                    SELECT sum(x.sold) AS sold, sum(x.refunded) AS refunded, min(x.currency) AS currency, sum(x.deferred) AS deferred, sum(x.granted) AS granted,
                           sum(x.revoked) AS revoked, sum(x.used) AS used, sum(x.shortfall) AS shortfall
                      FROM (SELECT \(figures) FROM order_channel_now \(ofOrder("NOT c.is_closed"))
                            UNION ALL SELECT \(figures) FROM period_order_channel \(ofOrder("c.is_closed"))) x) g
             WHERE \(conditions.joined(separator: " AND ")) ORDER BY o.order_id
            """
        try await reportRows(query, { row in
            OrderReportRow(
                order: OrderID(try row.figure()), number: try row.word(), created: try row.day() ?? CivilDay(daysSince1970: 0), paid: try row.day(),
                status: try row.word(), currency: try row.currency(), total: try row.figure(), sold: try row.figure(), refunded: try row.figure(),
                deferred: try row.figure(), tickets: try row.text(), granted: try row.figure(), revoked: try row.figure(), used: try row.figure(),
                shortfall: try row.figure(), mismatch: try row.text())
        }, write: write)
    }
}
