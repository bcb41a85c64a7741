import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Tickets that pickers take their tags from.
    static let taggedMax = 2_000
    /// Tags of one ticket, and a tag's length in characters.
    public static let tagsMax = 20
    public static let tagLengthMax = 40

    /// Gives a ticket to someone of the staff (oneself too), or back to nobody. Saying the same again is no error and no event.
    public func assign(_ ticket: TicketID, to user: UserID?, in shop: ShopID, by staff: Staff) async throws -> Result<TicketDesk, Refusal> {
        try await change(ticket, in: shop, by: staff) { connection, found, now in
            if let user {
                let isThere = try connection.queryOne(
                    "SELECT true FROM staff WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint AND retired_at IS NULL"
                ) { try $0.next(Bool.self) }
                guard isThere == true else { return .unknown(what: "user", name: user.description) }
            }
            guard found.assignee != user else { return nil }
            try connection.execute(
                """
                UPDATE ticket SET assignee_id = \(user)::bigint, updated_at = \(now)::timestamptz
                 WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
                """)
            try ConversationRows.event(
                connection, shop: shop, ticket: ticket, .assigned, by: staff.id, before: found.assignee?.description, after: user?.description, now: now)
            return nil
        }
    }

    /// Open: we are to act. Waiting: the customer is. Solved and closed: nobody is. Opening what was settled shows as reopened.
    public func setStatus(_ status: TicketStatus, of ticket: TicketID, in shop: ShopID, by staff: Staff) async throws -> Result<TicketDesk, Refusal> {
        try await change(ticket, in: shop, by: staff) { connection, found, now in
            guard found.status != status else { return nil }
            let side: TicketSide = status == .open ? .us : status == .waiting ? .customer : found.side
            try connection.execute(
                """
                UPDATE ticket SET status = \(status), side = \(side), updated_at = \(now)::timestamptz, waiting_since = \(now)::timestamptz
                 WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
                """)
            try TicketTurn.tell(connection, shop: shop, found, status, by: staff.id, now: now)
            return nil
        }
    }

    public func setPriority(_ priority: Priority, of ticket: TicketID, in shop: ShopID, by staff: Staff) async throws -> Result<TicketDesk, Refusal> {
        try await change(ticket, in: shop, by: staff) { connection, found, now in
            guard found.priority != priority else { return nil }
            try connection.execute(
                """
                UPDATE ticket SET priority = \(priority), updated_at = \(now)::timestamptz
                 WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
                """)
            try ConversationRows.event(
                connection, shop: shop, ticket: ticket, .priority, by: staff.id, before: found.priority.rawValue, after: priority.rawValue, now: now)
            return nil
        }
    }

    /// The ticket's tags from now on: small letters, without spaces around them, each once.
    public func setTags(_ tags: [String], of ticket: TicketID, in shop: ShopID, by staff: Staff) async throws -> Result<TicketDesk, Refusal> {
        let wanted = Set(tags.map { StaffCheck.folded($0) }.filter { !$0.isEmpty }).sorted()
        if wanted.count > Store.tagsMax { return .failure(.invalidField(field: "tags", expected: "at most \(Store.tagsMax) tags")) }
        for tag in wanted {
            if let refusal = Texts.refusal(tag, field: "tags", max: Store.tagLengthMax) { return .failure(refusal) }
        }
        return try await change(ticket, in: shop, by: staff) { connection, found, now in
            guard found.tags != wanted else { return nil }
            try connection.execute(
                """
                UPDATE ticket SET tags = \(wanted)::text[], updated_at = \(now)::timestamptz
                 WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
                """)
            for tag in wanted where !found.tags.contains(tag) {
                try ConversationRows.event(connection, shop: shop, ticket: ticket, .tagged, by: staff.id, before: nil, after: tag, now: now)
            }
            for tag in found.tags where !wanted.contains(tag) {
                try ConversationRows.event(connection, shop: shop, ticket: ticket, .untagged, by: staff.id, before: tag, after: nil, now: now)
            }
            return nil
        }
    }

    /// The tags of the tickets that wait longest, the most frequent first: for pickers.
    public func tags(of shop: ShopID, limit: Int = 100) async throws -> [String] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT tag FROM (SELECT tags FROM ticket WHERE shop_id = \(shop)::bigint AND queue < 2 AND tags <> '{}'
                                  ORDER BY queue, waiting_since LIMIT \(Store.taggedMax)::bigint) t, unnest(t.tags) AS tag
                 GROUP BY tag ORDER BY count(*) DESC, tag LIMIT \(limit)::bigint
                """
            ) { try $0.next() }
        }
    }

    private func change(
        _ ticket: TicketID, in shop: ShopID, by staff: Staff, _ body: @escaping @Sendable (Connection, DeskCase, _ now: Date) throws -> Refusal?
    ) async throws -> Result<TicketDesk, Refusal> {
        guard staff.shop == shop else { return .failure(.unknownTicket(ticket)) }
        if let refusal = staff.caller.refusal(for: .spend) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try ConversationRows.lock(connection, shop: shop, ticket: ticket)
            guard let found = try DeskCase.load(connection, shop: shop, ticket: ticket) else { return .failure(.unknownTicket(ticket)) }
            if let refusal = try body(connection, found, now) { return .failure(refusal) }
            try DeskTell.ticket(connection, shop: shop, ticket: ticket)
            guard let desk = try TicketDesk.load(connection, shop: shop, tickets: [ticket])[ticket] else { return .failure(.unknownTicket(ticket)) }
            return .success(desk)
        }
    }
}
