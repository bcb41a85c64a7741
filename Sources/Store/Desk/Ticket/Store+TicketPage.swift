import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// The page of one ticket; nil when the shop has none of that number. `user` is who asks: the drafts are theirs.
    public func ticketPage(_ number: TicketID, in shop: ShopID, for user: UserID) async throws -> TicketPage? {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            guard let ticket = try TicketRows.load(connection, shop: shop, where: "t.ticket_id = \(number)::bigint", limit: 1, now: now).first,
                let desk = try TicketDesk.load(connection, shop: shop, tickets: [number])[number],
                let customer = try CustomerCard.load(connection, shop: shop, ticket.customer)
            else { return nil }
            let others = try connection.query(
                """
                SELECT ticket_id FROM ticket WHERE shop_id = \(shop)::bigint AND customer_id = \(ticket.customer.id)::bigint
                   AND ticket_id <> \(number)::bigint ORDER BY ticket_id DESC LIMIT \(TicketPage.othersMax)::bigint
                """
            ) { try $0.next(TicketID.self) }
            let entries = try EntryRows.load(
                connection, shop: shop, where: "e.ticket_id = \(number)::bigint", descending: true, limit: TicketPage.entriesMax + 1)
            return TicketPage(
                ticket: ticket, desk: desk, conversation: try ConversationRows.page(connection, shop: shop, ticket: number),
                grants: try GrantCard.load(connection, shop: shop, ticket: number, now: now), customer: customer,
                others: try TicketListRow.load(connection, shop: shop, tickets: others, now: now),
                orders: try OrderCard.load(connection, shop: shop, ticket.customer.id, of: number),
                entries: Array(entries.prefix(TicketPage.entriesMax)),
                earlierEntries: entries.count > TicketPage.entriesMax ? entries[TicketPage.entriesMax - 1].id : nil,
                call: try CallView.load(connection, shop: shop, where: "c.ticket_id = \(number)::bigint AND c.ended_at IS NULL"),
                drafts: try DraftRows.load(connection, shop: shop, user: user, ticket: number),
                presence: try PresenceView.load(connection, shop: shop, tickets: [number], now: now)[number] ?? [], at: now)
        }
    }

    /// The part of a conversation before a message (nil: the newest part); nil when the shop has no such ticket.
    public func conversation(of ticket: TicketID, in shop: ShopID, before: MessageID? = nil) async throws -> ConversationPage? {
        try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return nil }
            return try ConversationRows.page(connection, shop: shop, ticket: ticket, before: before)
        }
    }

    /// A ticket's ledger before an entry, newest first; the second part goes on, nil at the beginning.
    public func entries(
        of ticket: TicketID, in shop: ShopID, before: EntryID, limit: Int = TicketPage.entriesMax
    ) async throws -> (entries: [EntryView], earlier: EntryID?) {
        let limit = min(max(limit, 1), Store.listMax)
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            let rows = try EntryRows.load(
                connection, shop: shop, where: "e.ticket_id = \(ticket)::bigint AND e.entry_id < \(before)::bigint", descending: true, limit: limit + 1)
            return (Array(rows.prefix(limit)), rows.count > limit ? rows[limit - 1].id : nil)
        }
    }

    /// Whether an entry is a usage of this ticket, whichever of the customer's tickets lent its credits.
    public func isUsage(_ entry: EntryID, of ticket: TicketID, in shop: ShopID) async throws -> Bool {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT true FROM entry WHERE shop_id = \(shop)::bigint AND entry_id = \(entry)::bigint AND kind IN ('usage', 'capture')
                   AND coalesce(for_ticket_id, ticket_id) = \(ticket)::bigint
                """
            ) { try $0.next(Bool.self) } ?? false
        }
    }

    /// One message; nil when the shop has none of that number.
    public func message(_ id: MessageID, in shop: ShopID) async throws -> MessageView? {
        try await pool.read { try MessageView.load($0, shop: shop, where: "m.message_id = \(id)::bigint").first }
    }

    /// One call; nil when the shop has none of that number.
    public func call(_ id: CallID, in shop: ShopID) async throws -> CallView? {
        try await pool.read { try CallView.load($0, shop: shop, where: "c.call_id = \(id)::bigint") }
    }
}

extension CustomerCard {
    static func load(_ connection: Connection, shop: ShopID, _ customer: CustomerView) throws -> CustomerCard? {
        let spend = try connection.query(
            """
            SELECT currency, sum(total_minor)::bigint, count(*) FROM shop_order
             WHERE shop_id = \(shop)::bigint AND customer_id = \(customer.id)::bigint AND usability = 'entitled' GROUP BY 1 ORDER BY 2 DESC
            """
        ) { row in (currency: try row.next(String.self), minor: try row.next(Int64.self), orders: try row.next(Int.self)) }
        let addresses = try CustomerAddresses.load(connection, shop: shop, customer: customer.id)
        return try connection.queryOne(
            """
            SELECT c.language, c.shop_customer_id, c.created_at, c.erased_at IS NOT NULL,
                   (SELECT count(*) FROM ticket t WHERE t.shop_id = c.shop_id AND t.customer_id = c.customer_id)
              FROM customer c WHERE c.shop_id = \(shop)::bigint AND c.customer_id = \(customer.id)::bigint
            """
        ) { row in
            CustomerCard(
                customer: customer, addresses: addresses, language: try row.next(), shopCustomer: try row.next(), since: try row.next(),
                isErased: try row.next(), spend: spend, ticketCount: try row.next())
        }
    }
}

extension GrantCard {
    static func load(_ connection: Connection, shop: ShopID, ticket: TicketID, now: Date) throws -> [GrantCard] {
        try connection.query(
            """
            SELECT grant_id, channel, kind, remaining, nullif(expires_at, 'infinity'), order_id FROM credit_grant
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint AND remaining > 0 AND expires_at > \(now)::timestamptz
             ORDER BY channel, expires_at, starts_at, grant_id LIMIT \(TicketPage.grantsMax)::bigint
            """
        ) { row in
            GrantCard(
                id: try row.next(), channel: try row.next(), kind: try row.next(), remaining: try row.next(), expiresAt: try row.next(),
                order: try row.next())
        }
    }
}

extension OrderCard {
    static func load(_ connection: Connection, shop: ShopID, _ customer: CustomerID, of ticket: TicketID) throws -> [OrderCard] {
        try connection.query(
            """
            SELECT o.order_id, o.number, o.status, o.usability, o.currency, o.total_minor, o.created_at, o.paid_at, o.flags,
                   EXISTS (SELECT FROM ticket_order x WHERE x.shop_id = o.shop_id AND x.ticket_id = \(ticket)::bigint AND x.order_id = o.order_id)
              FROM shop_order o WHERE o.shop_id = \(shop)::bigint AND o.customer_id = \(customer)::bigint
             ORDER BY o.order_id DESC LIMIT \(TicketPage.ordersMax)::bigint
            """
        ) { row in
            OrderCard(
                id: try row.next(), number: try row.next(), status: try row.next(), usability: try row.next(), currency: try row.next(),
                total: try row.next(), createdAt: try row.next(), paidAt: try row.next(), flags: try row.next(), isOfThisTicket: try row.next())
        }
    }
}
