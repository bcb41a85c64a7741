import Domain
import FoundationEssentials
import Postgres

/// One addition to a ticket's conversation.
public struct MessageView: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, PostgresValue {
        case message, note, call, system
        /// Work done elsewhere and booked here.
        case usage
    }
    public enum Direction: String, Sendable, Hashable, PostgresValue {
        case incoming = "in"
        case outgoing = "out"
        case `internal`
    }
    public enum State: String, Sendable, Hashable, PostgresValue {
        case received, sending, sent, failed
        /// Nothing is to be delivered.
        case kept
    }

    public let id: MessageID
    public let ticket: TicketID
    /// The ticket's version after it.
    public let version: Int64
    public let kind: Kind
    /// Of messages, calls and usages.
    public let channel: Channel?
    public let direction: Direction
    public let state: State
    /// Nil: the customer, or the program.
    public let author: StaffName?
    /// Of an incoming message.
    public let from: String?
    /// Of an outgoing one.
    public let to: String?
    public let subject: String?
    public let body: String
    /// Credits that it costs.
    public let quantity: Int64?
    /// Of an SMS.
    public let segments: Int?
    /// Of a call.
    public let seconds: Int?
    public let hold: HoldID?
    /// The usage that paid for it.
    public let entry: EntryID?
    public let createdAt: Date
    public let sentAt: Date?
    public let attempts: Int
    /// Why it failed, or why the last attempt did; one line.
    public let error: String?

    static let columns: SQL = """
        m.message_id, m.ticket_id, m.version, m.kind, m.channel, m.direction, m.state, m.user_id, a.name, a.email, m.from_address, m.to_address,
        m.subject, m.body, m.quantity, m.segments, m.seconds, m.hold_id, m.entry_id, m.created_at, m.sent_at, m.attempts, m.error
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        ticket = try row.next()
        version = try row.next()
        kind = try row.next()
        channel = try row.next()
        direction = try row.next()
        state = try row.next()
        author = try StaffName(&row)
        from = try row.next()
        to = try row.next()
        subject = try row.next()
        body = try row.next()
        quantity = try row.next()
        segments = try row.next()
        seconds = try row.next()
        hold = try row.next()
        entry = try row.next()
        createdAt = try row.next()
        sentAt = try row.next()
        attempts = try row.next()
        error = try row.next()
    }

    /// `condition` may use `m`; newest first.
    static func load(_ connection: Connection, shop: ShopID, where condition: SQL, limit: Int = 1) throws -> [MessageView] {
        try connection.query(
            """
            SELECT \(sql: columns) FROM message m LEFT JOIN staff a ON a.shop_id = m.shop_id AND a.user_id = m.user_id
             WHERE m.shop_id = \(shop)::bigint AND \(sql: condition) ORDER BY m.message_id DESC LIMIT \(limit)::bigint
            """
        ) { try MessageView(&$0) }
    }
}

/// Part of a conversation, oldest first.
public struct ConversationPage: Sendable, Hashable {
    public static let rowsMax = 50

    public let messages: [MessageView]
    /// What was changed about the ticket in the time that the messages span.
    public let events: [TicketEventView]
    /// Hand it back as `before` for what was earlier; nil at the beginning.
    public let earlier: MessageID?
}

/// What was changed about a ticket.
public struct TicketEventView: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, PostgresValue {
        case assigned, status, reopened, priority, tagged, untagged
        case callWarned = "call-warned"
    }

    public let id: Int64
    public let kind: Kind
    /// Nil: the program, or the customer by writing.
    public let by: StaffName?
    public let at: Date
    public let before: String?
    /// Of `assigned` a name, nil when it was given back to nobody; of `callWarned` the percent.
    public let after: String?
}
