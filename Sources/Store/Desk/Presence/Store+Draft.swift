import Domain
import FoundationEssentials
import Postgres

/// What somebody has begun to write on a ticket.
public struct DraftView: Sendable, Hashable {
    /// The channel of a note's draft.
    public static let noteChannel = "note"

    /// A channel of the shop, or `note`.
    public let channel: String
    public let subject: String?
    public let body: String
    public let updatedAt: Date
}

extension Store {
    /// Keeps what somebody has written so far, over what they had before; nothing written removes it. Refused when it is too long.
    public func saveDraft(
        _ body: String, subject: String? = nil, channel: String, ticket: TicketID, in shop: ShopID, by staff: Staff
    ) async throws -> Refusal? {
        guard body.count <= Outgoing.textMax, (subject?.count ?? 0) <= Outgoing.subjectMax, !body.utf8.contains(0), subject?.utf8.contains(0) != true else {
            return .invalidField(field: "body", expected: "at most \(Outgoing.textMax) characters, without NUL")
        }
        guard staff.shop == shop else { return .unknownTicket(ticket) }
        guard channel == DraftView.noteChannel || Channel(rawValue: channel) != nil else {
            return .invalidField(field: "channel", expected: "a channel's name")
        }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return .unknownTicket(ticket) }
            if body.isEmpty, (subject ?? "").isEmpty {
                try DraftRows.remove(connection, shop: shop, user: staff.id, ticket: ticket, channel: channel)
                return nil
            }
            try connection.execute(
                """
                INSERT INTO draft (shop_id, user_id, ticket_id, channel, subject, body, updated_at)
                VALUES (\(shop)::bigint, \(staff.id)::bigint, \(ticket)::bigint, \(channel), \(subject), \(body), \(now)::timestamptz)
                ON CONFLICT ON CONSTRAINT draft_pkey DO UPDATE SET subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at
                """)
            return nil
        }
    }

    /// One's own drafts on a ticket.
    public func drafts(of ticket: TicketID, in shop: ShopID, by user: UserID) async throws -> [DraftView] {
        try await pool.read { try DraftRows.load($0, shop: shop, user: user, ticket: ticket) }
    }
}

enum DraftRows {
    static func load(_ connection: Connection, shop: ShopID, user: UserID, ticket: TicketID) throws -> [DraftView] {
        try connection.query(
            """
            SELECT channel, subject, body, updated_at FROM draft
             WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint AND ticket_id = \(ticket)::bigint ORDER BY channel
            """
        ) { row in DraftView(channel: try row.next(), subject: try row.next(), body: try row.next(), updatedAt: try row.next()) }
    }

    static func remove(_ connection: Connection, shop: ShopID, user: UserID, ticket: TicketID, channel: String) throws {
        try connection.execute(
            """
            DELETE FROM draft WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint AND ticket_id = \(ticket)::bigint AND channel = \(channel)
            """)
    }
}
