import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// One keyed write of the desk, one transaction: what the key did before, or the body, under the lock of the ticket's conversation.
    ///
    /// With the key only the number of what was done is kept, never a text of it; refusals are decided anew, so that a second click after a
    /// top-up goes through.
    func atDesk<Result: KeyedResult>(
        ticket: TicketID, key: IdempotencyKey, fingerprint: [UInt8], permission: Permission, in shopID: ShopID, by staff: Staff,
        _ body: @escaping @Sendable (Connection, Decision, _ now: Date) throws -> Result
    ) async throws -> Result {
        guard staff.shop == shopID else { return .refused(.unknownTicket(ticket)) }
        if let refusal = staff.caller.refusal(for: permission) { return .refused(refusal) }
        guard let shop = try await shop(shopID) else { return .refused(.unknown(what: "shop", name: shopID.description)) }
        let decision = Decision(
            shop: shop, key: key, fingerprint: fingerprint, actor: try await actor(staff.caller, shop: shopID), caller: staff.caller)
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try connection.execute("SELECT lock_keys(ARRAY[\(shopID)::bigint], ARRAY[\(key.text)::text])")
            let stored = try connection.queryOne(
                "SELECT fingerprint, (body::jsonb ->> 'desk')::bigint FROM idempotency_key WHERE shop_id = \(shopID)::bigint AND key = \(key.text)"
            ) { row in (fingerprint: try row.next([UInt8].self), number: try row.next(Int64?.self)) }
            if let stored {
                guard stored.fingerprint == fingerprint, let number = stored.number else { return .refused(.keyReused) }
                return try Result.again(number, connection, shop: shopID)
            }
            try ConversationRows.lock(connection, shop: shopID, ticket: ticket)
            let result = try body(connection, decision, now)
            if let number = result.keptNumber {
                // Status 200: a success that names no entry.
                try connection.execute(
                    """
                    INSERT INTO idempotency_key (shop_id, key, fingerprint, status, body, created_at)
                    VALUES (\(shopID)::bigint, \(key.text), \(fingerprint), 200, jsonb_build_object('desk', \(number)::bigint)::text, \(now)::timestamptz)
                    """)
            }
            return result
        }
    }
}

/// A ticket as a write at the desk finds it, under the lock of its conversation.
struct DeskCase {
    let ticket: TicketID
    let customer: CustomerID
    let status: TicketStatus
    let side: TicketSide
    let assignee: UserID?
    let priority: Priority
    let tags: [String]
    let version: Int64

    /// Nil when the shop has no such ticket.
    static func load(_ connection: Connection, shop: ShopID, ticket: TicketID) throws -> DeskCase? {
        try connection.queryOne(
            """
            SELECT ticket_id, customer_id, status, side, assignee_id, priority, tags, version FROM ticket
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint
            """
        ) { row in
            DeskCase(
                ticket: try row.next(), customer: try row.next(), status: try row.next(), side: try row.next(), assignee: try row.next(),
                priority: try row.next(), tags: try row.next(), version: try row.next())
        }
    }
}
