import Domain
import FoundationEssentials
import Postgres

/// What is remembered of an order when it is seen again. Read under the order's lock.
struct KnownOrder {
    let id: OrderID
    let modifiedAt: Date
    let seenAt: Date
    let hash: [UInt8]
    let customer: CustomerID
    var ticket: TicketID?
    let flags: [String]
    let isErased: Bool
    /// The plan version that each matched line is bound to.
    var bindings: [LineID: Plan] = [:]
    var ticketOfLine: [LineID: TicketID] = [:]
    /// What the ledger says the order's lines are entitled to, over all their grants.
    var entitled: [LineChannel: Int64] = [:]
    var granted: [LineChannel: Int64] = [:]
    /// Of everything that was granted: more than one, or another than the order's, when the shop changed an order's currency.
    var currencies: Set<String> = []
    /// Lines whose credits a transfer has split: how they share is looked at anew at every sight.
    var split: Set<LineChannel> = []

    static func load(_ connection: Connection, shop: ShopID, orders: [OrderID]) throws -> [OrderID: KnownOrder] {
        let rows = try connection.query(
            """
            SELECT o.order_id, o.modified_at, o.seen_at, o.payload_hash, o.customer_id, o.ticket_id, o.flags, c.erased_at IS NOT NULL
              FROM shop_order o JOIN customer c ON c.shop_id = o.shop_id AND c.customer_id = o.customer_id
             WHERE o.shop_id = \(shop)::bigint AND o.order_id = ANY (\(orders)::bigint[])
            """
        ) { row in
            KnownOrder(
                id: try row.next(), modifiedAt: try row.next(), seenAt: try row.next(), hash: try row.next(), customer: try row.next(),
                ticket: try row.next(), flags: try row.next(), isErased: try row.next())
        }
        var known = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { $1 })
        try loadLines(connection, shop: shop, orders: orders, into: &known)
        try loadGrants(connection, shop: shop, orders: orders, into: &known)
        return known
    }

    private static func loadLines(
        _ connection: Connection, shop: ShopID, orders: [OrderID], into known: inout [OrderID: KnownOrder]
    ) throws {
        var versions: [PlanVersionKey: Plan] = [:]
        let lines = try connection.query(
            """
            SELECT order_id, line_id, plan_id, plan_version, ticket_id FROM order_line
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])
            """
        ) { row in
            (
                order: try row.next(OrderID.self), line: try row.next(LineID.self), plan: try row.next(PlanID.self),
                version: try row.next(Int.self), ticket: try row.next(TicketID?.self)
            )
        }
        for line in lines {
            let key = PlanVersionKey(plan: line.plan, version: line.version)
            let plan = try versions[key] ?? PlanRows.version(connection, shop: shop, plan: line.plan, version: line.version)
            versions[key] = plan
            known[line.order]?.bindings[line.line] = plan
            known[line.order]?.ticketOfLine[line.line] = line.ticket
        }
    }

    private static func loadGrants(
        _ connection: Connection, shop: ShopID, orders: [OrderID], into known: inout [OrderID: KnownOrder]
    ) throws {
        _ = try connection.query(
            """
            SELECT order_id, line_id, channel, sum(entitled)::bigint, sum(granted) FILTER (WHERE kind = 'order')::bigint, count(*) > 1,
                   min(currency)
              FROM credit_grant
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[]) AND kind IN ('order', 'transfer') GROUP BY 1, 2, 3
            """
        ) { row in
            let order = try row.next(OrderID.self)
            let key = LineChannel(line: try row.next(), channel: try row.next())
            known[order]?.entitled[key] = try row.next(Int64.self)
            known[order]?.granted[key] = try row.next(Int64.self)
            if try row.next(Bool.self) { known[order]?.split.insert(key) }
            known[order]?.currencies.insert(try row.next())
        }
    }
}

struct LineChannel: Hashable {
    let line: LineID
    let channel: Channel
}

struct PlanVersionKey: Hashable {
    let plan: PlanID
    let version: Int
}
