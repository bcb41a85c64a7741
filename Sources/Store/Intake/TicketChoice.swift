import Domain
import FoundationEssentials
import Postgres

/// Chooses the tickets that an order's lines put their credits on; each line's choice is made once. Under the customer's lock.
struct TicketChoice {
    let shop: Shop
    let now: Date

    func settle(_ order: inout OrderCase, _ connection: Connection) throws {
        let waiting = order.entitlement.lines.filter { $0.entitlesToAnything && order.ticketOfLine[$0.line] == nil }
        let fresh = waiting.filter { $0.plan.ticketRule == .new }
        if !fresh.isEmpty {
            let ticket = try order.ticket ?? open(order, lines: fresh, connection)
            if order.ticket == nil { try share(ticket, of: order, connection) }
            order.ticket = ticket
            for line in fresh { try choose(ticket, for: line.line, of: &order, connection) }
        }
        for line in waiting where line.plan.ticketRule == .topUp {
            let ticket = try latest(of: line.plan.id, customer: order.customer, connection) ?? open(order, lines: [line], connection)
            try choose(ticket, for: line.line, of: &order, connection)
        }
    }

    /// The customer's most recently opened ticket of the plan that is not closed.
    private func latest(of plan: PlanID, customer: CustomerID?, _ connection: Connection) throws -> TicketID? {
        try connection.queryOne(
            """
            SELECT t.ticket_id FROM ticket t
             WHERE t.shop_id = \(shop.id)::bigint AND t.customer_id = \(customer)::bigint AND t.status <> 'closed'
               AND EXISTS (SELECT FROM order_line l
                            WHERE l.shop_id = t.shop_id AND l.ticket_id = t.ticket_id AND l.plan_id = \(plan)::bigint)
             ORDER BY t.opened_at DESC, t.ticket_id DESC LIMIT 1
            """
        ) { try $0.next() }
    }

    private func open(_ order: OrderCase, lines: [LineEntitlement], _ connection: Connection) throws -> TicketID {
        let names = lines.map(\.plan.name).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let priority = lines.map(\.plan.priority).max() ?? .normal
        let ticket = try connection.queryOne(
            """
            INSERT INTO ticket (shop_id, customer_id, order_id, subject, priority, top_up_url, opened_at, updated_at)
            VALUES (\(shop.id)::bigint, \(order.customer)::bigint, \(order.order.id)::bigint, \(names.joined(separator: ", ")), \(priority.name),
                    \(lines.compactMap(\.plan.topUpURL).first), \(now)::timestamptz, \(now)::timestamptz)
            RETURNING ticket_id
            """
        ) { try $0.next(TicketID.self) }
        guard let ticket else { throw PostgresError(.protocol, "a ticket was not returned") }
        try connection.execute(
            """
            SELECT tell(\(shop.id)::bigint, 'ticket.opened', \(ticket)::bigint, NULL,
                        jsonb_build_object('ticket', \(ticket)::bigint, 'order', \(order.order.id)::bigint), \(now)::timestamptz)
              FROM feed WHERE shop_id = \(shop.id)::bigint AND imported_at IS NOT NULL
            """)
        return ticket
    }

    private func share(_ ticket: TicketID, of order: OrderCase, _ connection: Connection) throws {
        try connection.execute(
            "UPDATE shop_order SET ticket_id = \(ticket)::bigint WHERE shop_id = \(shop.id)::bigint AND order_id = \(order.order.id)::bigint")
    }

    private func choose(_ ticket: TicketID, for line: LineID, of order: inout OrderCase, _ connection: Connection) throws {
        try connection.execute(
            """
            WITH line AS (
                UPDATE order_line SET ticket_id = \(ticket)::bigint
                 WHERE shop_id = \(shop.id)::bigint AND order_id = \(order.order.id)::bigint AND line_id = \(line)::bigint)
            INSERT INTO ticket_order VALUES (\(shop.id)::bigint, \(ticket)::bigint, \(order.order.id)::bigint) ON CONFLICT DO NOTHING
            """)
        order.ticketOfLine[line] = ticket
    }
}

extension Priority {
    var name: String { "\(self)" }
}
