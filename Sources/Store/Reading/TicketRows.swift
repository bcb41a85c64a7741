import Domain
import FoundationEssentials
import Postgres

/// Tickets as the database has them, with counters and pool from their one place.
enum TicketRows {
    static func load(_ connection: Connection, shop: ShopID, where condition: SQL, limit: Int, now: Date) throws -> [TicketView] {
        var tickets = try connection.query(
            """
            SELECT t.ticket_id, t.status, t.subject, t.priority, c.customer_id, c.name, c.email, c.phone, o.order_id, o.number, o.status,
                   t.top_up_url, t.opened_at, t.updated_at
              FROM ticket t
              JOIN customer c ON c.shop_id = t.shop_id AND c.customer_id = t.customer_id
              LEFT JOIN shop_order o ON o.shop_id = t.shop_id AND o.order_id = t.order_id
             WHERE t.shop_id = \(shop)::bigint AND \(sql: condition)
             ORDER BY t.ticket_id DESC LIMIT \(limit)::bigint
            """
        ) { try read(&$0) }
        let numbers = tickets.map(\.number)
        let counters = try CounterRows.load(connection, shop: shop, tickets: numbers, now: now)
        let orders = try orders(connection, shop: shop, tickets: numbers)
        let pools = try pools(connection, shop: shop, tickets: numbers, now: now)
        for index in tickets.indices {
            tickets[index].counters = counters[tickets[index].number] ?? [:]
            tickets[index].orders = orders[tickets[index].number] ?? []
            tickets[index].pool = pools[tickets[index].number] ?? [:]
        }
        return tickets
    }

    private static func read(_ row: inout Row) throws -> TicketView {
        let number = try row.next(TicketID.self)
        let status = try row.next(String.self)
        let subject = try row.next(String.self)
        let priority = try row.next(String.self)
        let customer = CustomerView(id: try row.next(), name: try row.next(), email: try row.next(), phone: try row.next())
        var order: OrderName?
        if let id = try row.next(OrderID?.self) {
            order = OrderName(id: id, number: try row.next(), status: try row.next())
        } else {
            row.skip(2)
        }
        return TicketView(
            number: number, status: status, subject: subject, priority: priority, customer: customer, order: order, orders: [],
            topUpURL: try row.next(), openedAt: try row.next(), updatedAt: try row.next(), counters: [:], pool: [:])
    }

    private static func orders(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [TicketID: [OrderName]] {
        var orders: [TicketID: [OrderName]] = [:]
        _ = try connection.query(
            """
            SELECT x.ticket_id, o.order_id, o.number, o.status FROM ticket_order x
              JOIN shop_order o ON o.shop_id = x.shop_id AND o.order_id = x.order_id
             WHERE x.shop_id = \(shop)::bigint AND x.ticket_id = ANY (\(tickets)::bigint[]) ORDER BY o.order_id
            """
        ) { row in
            orders[try row.next(), default: []].append(OrderName(id: try row.next(), number: try row.next(), status: try row.next()))
        }
        return orders
    }

    /// What each ticket could draw from its customer's others.
    private static func pools(
        _ connection: Connection, shop: ShopID, tickets: [TicketID], now: Date
    ) throws -> [TicketID: [Channel: Int64]] {
        let lenders = try connection.query(
            "SELECT t, unnest(lenders(\(shop)::bigint, t)) FROM unnest(\(tickets)::bigint[]) AS t"
        ) { row in (borrower: try row.next(TicketID.self), lender: try row.next(TicketID.self)) }
        guard !lenders.isEmpty else { return [:] }
        let counters = try CounterRows.load(connection, shop: shop, tickets: Array(Set(lenders.map(\.lender))), now: now)
        var pools: [TicketID: [Channel: Int64]] = [:]
        for (borrower, lender) in lenders {
            for (channel, counter) in counters[lender] ?? [:] { pools[borrower, default: [:]][channel, default: 0] += counter.remaining }
        }
        return pools
    }
}
