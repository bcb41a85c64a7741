import Domain
import FoundationEssentials
import Postgres

/// An order as last seen, and what it came to mean.
public struct OrderView: Sendable, Hashable {
    public let id: OrderID
    public let number: String
    public let status: String
    public let usability: String
    public let currency: String
    public let total: Int64
    public let createdAt: Date
    public let modifiedAt: Date
    public let paidAt: Date?
    public let seenAt: Date
    public let source: String
    public let flags: [String]
    public let customer: CustomerID
    public var tickets: [TicketID]
    public var lines: [OrderLineView]

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("number", number)
            json.field("status", status)
            json.field("usability", usability)
            json.field("currency", currency)
            json.field("total", total)
            json.field("created_at", Timestamp.text(createdAt))
            json.field("modified_at", Timestamp.text(modifiedAt))
            json.field("paid_at", paidAt.map(Timestamp.text))
            json.field("seen_at", Timestamp.text(seenAt))
            json.field("source", source)
            json.field("flags") { $0.array(flags) { $0.string($1) } }
            json.field("customer", customer.rawValue)
            json.field("tickets") { $0.array(tickets) { $0.number($1.rawValue) } }
            json.field("lines") { $0.array(lines) { $1.write(&$0) } }
        }
    }
}

/// A line of paid support: the plan it is bound to, and what its grants came to in one channel.
public struct OrderLineView: Sendable, Hashable {
    public let line: LineID
    public let plan: String
    public let planVersion: Int
    public let matchedBy: String
    public let matchedKey: String
    public let ticket: TicketID?
    public let channel: Channel?
    public let granted: Int64
    public let revoked: Int64
    public let used: Int64
    public let shortfall: Int64

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("line", line.rawValue)
            json.field("plan", plan)
            json.field("plan_version", planVersion)
            json.field("matched_by", matchedBy)
            json.field("matched_key", matchedKey)
            json.field("ticket", ticket?.rawValue)
            json.field("channel", channel?.rawValue)
            json.field("granted", granted)
            json.field("revoked", revoked)
            json.field("used", used)
            json.field("shortfall", shortfall)
        }
    }
}

extension Store {
    /// What was seen of an order, and what it means; nil when it was never seen.
    public func order(_ id: OrderID, in shop: ShopID) async throws -> OrderView? {
        try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            var order = try connection.queryOne(
                """
                SELECT order_id, number, status, usability, currency, total_minor, created_at, modified_at, paid_at, seen_at, source, flags,
                       customer_id
                  FROM shop_order WHERE shop_id = \(shop)::bigint AND order_id = \(id)::bigint
                """
            ) { row in
                OrderView(
                    id: try row.next(), number: try row.next(), status: try row.next(), usability: try row.next(), currency: try row.next(),
                    total: try row.next(), createdAt: try row.next(), modifiedAt: try row.next(), paidAt: try row.next(),
                    seenAt: try row.next(), source: try row.next(), flags: try row.next(), customer: try row.next(), tickets: [], lines: [])
            }
            order?.tickets = try connection.query(
                "SELECT ticket_id FROM ticket_order WHERE shop_id = \(shop)::bigint AND order_id = \(id)::bigint ORDER BY ticket_id"
            ) { try $0.next() }
            order?.lines = try OrderLineView.load(connection, shop: shop, order: id)
            return order
        }
    }
}

extension OrderLineView {
    fileprivate static func load(_ connection: Connection, shop: ShopID, order: OrderID) throws -> [OrderLineView] {
        try connection.query(
            """
            SELECT l.line_id, p.name, l.plan_version, l.matched_by, l.matched_key, l.ticket_id, g.channel,
                   coalesce(sum(g.granted) FILTER (WHERE g.kind = 'order'), 0)::bigint, coalesce(sum(g.revoked), 0)::bigint,
                   coalesce(sum(g.used), 0)::bigint, coalesce(sum(greatest(0, g.used - g.entitled)), 0)::bigint
              FROM order_line l
              JOIN plan p ON p.shop_id = l.shop_id AND p.plan_id = l.plan_id
              LEFT JOIN credit_grant g ON g.shop_id = l.shop_id AND g.order_id = l.order_id AND g.line_id = l.line_id AND g.kind IN ('order', 'transfer')
             WHERE l.shop_id = \(shop)::bigint AND l.order_id = \(order)::bigint
             GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 7
            """
        ) { row in
            OrderLineView(
                line: try row.next(), plan: try row.next(), planVersion: try row.next(), matchedBy: try row.next(),
                matchedKey: try row.next(), ticket: try row.next(), channel: try row.next(), granted: try row.next(),
                revoked: try row.next(), used: try row.next(), shortfall: try row.next())
        }
    }
}
