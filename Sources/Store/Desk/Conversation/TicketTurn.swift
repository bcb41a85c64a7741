import Domain
import FoundationEssentials
import Postgres

/// Whose turn it is after something was said, and what that does to the status. The last thing that a transaction writes.
enum TicketTurn {
    /// We wrote: the customer is to act. An open ticket waits, unless the agent says otherwise; nobody's ticket becomes the writer's.
    static func answered(
        _ connection: Connection, shop: ShopID, _ found: DeskCase, by user: UserID, statusAfter: TicketStatus?, now: Date
    ) throws {
        let status = statusAfter ?? (found.status == .open ? .waiting : found.status)
        try connection.execute(
            """
            UPDATE ticket SET side = 'customer', waiting_since = \(now)::timestamptz, status = \(status),
                   assignee_id = coalesce(assignee_id, \(user)::bigint)
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(found.ticket)::bigint
            """)
        try tell(connection, shop: shop, found, status, by: user, now: now)
        if found.assignee == nil {
            try ConversationRows.event(
                connection, shop: shop, ticket: found.ticket, .assigned, by: user, before: nil, after: user.description, now: now)
        }
    }

    /// The customer wrote: we are to act, since the first thing that is unanswered. Whatever was settled is open again.
    static func received(_ connection: Connection, shop: ShopID, _ found: DeskCase, now: Date) throws {
        try connection.execute(
            """
            UPDATE ticket SET waiting_since = CASE WHEN queue = 0 THEN waiting_since ELSE \(now)::timestamptz END, side = 'us', status = 'open'
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(found.ticket)::bigint
            """)
        try tell(connection, shop: shop, found, .open, by: nil, now: now)
    }

    /// Something that was to reach the customer did not: we are to act.
    static func failed(_ connection: Connection, shop: ShopID, ticket: TicketID, now: Date) throws {
        try connection.execute(
            """
            UPDATE ticket SET waiting_since = CASE WHEN queue = 0 THEN waiting_since ELSE \(now)::timestamptz END, side = 'us',
                   status = CASE status WHEN 'waiting' THEN 'open' ELSE status END, updated_at = \(now)::timestamptz
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
            """)
    }

    static func tell(_ connection: Connection, shop: ShopID, _ found: DeskCase, _ status: TicketStatus, by user: UserID?, now: Date) throws {
        guard status != found.status else { return }
        let reopened = status != .closed && status != .solved && (found.status == .solved || found.status == .closed)
        try ConversationRows.event(
            connection, shop: shop, ticket: found.ticket, reopened ? .reopened : .status, by: user, before: found.status.rawValue,
            after: status.rawValue, now: now)
    }
}
