import Domain
import FoundationEssentials
import Postgres

/// A claimed message within a transaction, under the lock of its conversation.
struct SendCase {
    /// A reason's length, in characters.
    static let reasonMax = 500

    let claim: SendClaim
    let channel: Channel
    let quantity: Int64
    let holdID: HoldID?

    /// Nil when the claim was lost: the message is no longer being sent, or another attempt has begun.
    static func lock(_ connection: Connection, _ claim: SendClaim) throws -> SendCase? {
        try ConversationRows.lock(connection, shop: claim.shop, ticket: claim.ticket)
        return try connection.queryOne(
            """
            SELECT channel, quantity, hold_id FROM message
             WHERE shop_id = \(claim.shop)::bigint AND message_id = \(claim.message)::bigint AND state = 'sending'
               AND attempts = \(claim.attempt)::integer
            """
        ) { row in SendCase(claim: claim, channel: try row.next(), quantity: try row.next(), holdID: try row.next()) }
    }

    func write(_ connection: Connection, _ changes: SQL) throws {
        try connection.execute(
            "UPDATE message SET \(sql: changes) WHERE shop_id = \(claim.shop)::bigint AND message_id = \(claim.message)::bigint")
    }

    /// The hold that pays for it, alive until then: extended, or placed again when it lapsed. Nil when nothing is left.
    func hold(_ connection: Connection, until deadline: Date, now: Date) throws -> HoldID? {
        if let holdID {
            let status = try connection.queryOne(
                "SELECT status FROM extend_hold(\(claim.shop)::bigint, \(holdID)::bigint, \(deadline)::timestamptz, \(now)::timestamptz)"
            ) { try $0.next(String.self) }
            if status == "done" { return holdID }
        }
        let placed = try connection.queryOne(
            """
            SELECT f.hold_id FROM place_hold(\(claim.shop)::bigint, \(claim.ticket)::bigint, \(channel), \(quantity)::bigint,
                                             \(deadline)::timestamptz, \(try actor(connection))::bigint, \(now)::timestamptz) f
            """
        ) { try $0.next(HoldID?.self) } ?? nil
        if let placed { try write(connection, "hold_id = \(placed)::bigint") }
        return placed
    }

    /// The usage that it cost; nil when its hold had lapsed and nothing is left.
    func charge(_ connection: Connection, now: Date) throws -> EntryID? {
        guard let hold = try hold(connection, until: now.addingTimeInterval(Store.sendHoldSeconds), now: now) else { return nil }
        return try connection.queryOne(
            """
            SELECT (f.result).entry_id FROM end_hold(\(claim.shop)::bigint, \(hold)::bigint, NULL::bigint, \(try actor(connection))::bigint,
                                                     \(now)::timestamptz) f
            """
        ) { try $0.next(EntryID?.self) } ?? nil
    }

    func fail(_ connection: Connection, _ reason: String, now: Date) throws {
        if let holdID {
            try connection.execute(
                """
                SELECT (f.result).status FROM end_hold(\(claim.shop)::bigint, \(holdID)::bigint, 0::bigint, \(try actor(connection))::bigint,
                                                       \(now)::timestamptz) f
                """)
        }
        try write(connection, "state = 'failed', error = \(String(reason.prefix(SendCase.reasonMax)))")
        try TicketTurn.failed(connection, shop: claim.shop, ticket: claim.ticket, now: now)
        try DeskTell.conversation(connection, shop: claim.shop, ticket: claim.ticket)
    }

    /// Whoever wrote the message pays for it in the ledger, too.
    private func actor(_ connection: Connection) throws -> ActorID? {
        try connection.queryOne(
            """
            SELECT coalesce((SELECT actor_id FROM hold WHERE shop_id = \(claim.shop)::bigint AND hold_id = \(holdID)::bigint),
                            system_actor(\(claim.shop)::bigint))
            """
        ) { try $0.next(ActorID?.self) } ?? nil
    }

    func message(_ connection: Connection) throws -> SendingMessage? {
        try connection.queryOne(
            """
            SELECT m.to_address, c.name, s.slug, s.name, a.name, coalesce(m.subject, t.subject), m.body, m.segments,
                   (SELECT x.external_id FROM message x WHERE x.shop_id = m.shop_id AND x.ticket_id = m.ticket_id AND x.direction = 'in'
                       AND x.channel = m.channel AND x.message_id < m.message_id ORDER BY x.message_id DESC LIMIT 1)
              FROM message m
              JOIN ticket t ON t.shop_id = m.shop_id AND t.ticket_id = m.ticket_id
              JOIN customer c ON c.shop_id = t.shop_id AND c.customer_id = t.customer_id
              JOIN shop s ON s.shop_id = m.shop_id
              LEFT JOIN staff a ON a.shop_id = m.shop_id AND a.user_id = m.user_id
             WHERE m.shop_id = \(claim.shop)::bigint AND m.message_id = \(claim.message)::bigint
            """
        ) { row in
            SendingMessage(
                claim: claim, channel: channel, to: try row.next(String?.self) ?? "", toName: try row.next(), shopSlug: try row.next(),
                shopName: try row.next(), agentName: try row.next(), subject: try row.next(), body: try row.next(), segments: try row.next(),
                inReplyTo: try row.next())
        }
    }
}
