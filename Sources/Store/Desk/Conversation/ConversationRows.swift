import Domain
import FoundationEssentials
import Postgres

/// What is to be added to a conversation.
struct NewMessage {
    var kind: MessageView.Kind
    var channel: Channel?
    var direction: MessageView.Direction
    var state: MessageView.State
    var user: UserID?
    var from: String?
    var to: String?
    var subject: String?
    var body = ""
    var externalID: String?
    var quantity: Int64?
    var ruleVersion: Int?
    var segments: Int?
    var seconds: Int?
    var hold: HoldID?
    var entry: EntryID?
}

/// A conversation as the database has it. Whoever adds to one has locked it and holds whatever counters it needs already.
enum ConversationRows {
    static func lock(_ connection: Connection, shop: ShopID, ticket: TicketID) throws {
        try connection.execute("SELECT lock_keys(ARRAY[\(shop)::bigint], ARRAY[\("ticket \(ticket)")::text])")
    }

    /// Adds a message, raises the ticket's version, and tells the open windows. Text for the search goes with it.
    static func add(_ connection: Connection, shop: ShopID, ticket: TicketID, _ new: NewMessage, now: Date) throws -> MessageView {
        let isTalk = new.kind == .message || new.kind == .call
        let version = try connection.queryOne(
            """
            UPDATE ticket SET version = version + 1, updated_at = \(now)::timestamptz,
                   last_message_at = CASE WHEN \(isTalk)::boolean THEN \(now)::timestamptz ELSE last_message_at END
             WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint RETURNING version
            """
        ) { try $0.next(Int64.self) }
        let id = try connection.queryOne(
            """
            INSERT INTO message (shop_id, ticket_id, version, kind, channel, direction, state, user_id, from_address, to_address, subject, body,
                                 external_id, quantity, rule_version, segments, seconds, hold_id, entry_id, created_at, next_at, sent_at)
            VALUES (\(shop)::bigint, \(ticket)::bigint, \(version)::bigint, \(new.kind), \(new.channel), \(new.direction), \(new.state),
                    \(new.user)::bigint, \(new.from), \(new.to), \(new.subject), \(new.body), \(new.externalID), \(new.quantity)::bigint,
                    \(new.ruleVersion)::integer, \(new.segments)::integer, \(new.seconds)::integer, \(new.hold)::bigint, \(new.entry)::bigint,
                    \(now)::timestamptz, \(new.state == .sending ? now : nil)::timestamptz, \(new.state == .sent ? now : nil)::timestamptz)
            RETURNING message_id
            """
        ) { try $0.next(MessageID.self) }
        if new.kind != .system {
            let text = [new.subject, new.body, new.from].compactMap { $0 }.joined(separator: " ")
            try connection.execute("SELECT add_words(\(shop)::bigint, \(ticket)::bigint, search_words(\(text)))")
        }
        try DeskTell.conversation(connection, shop: shop, ticket: ticket)
        guard let id, let view = try MessageView.load(connection, shop: shop, where: "m.message_id = \(id)::bigint").first else {
            throw PostgresError(.protocol, "a message was not returned")
        }
        return view
    }

    static func event(
        _ connection: Connection, shop: ShopID, ticket: TicketID, _ kind: TicketEventView.Kind, by user: UserID?, before: String?, after: String?,
        now: Date
    ) throws {
        try connection.execute(
            """
            INSERT INTO ticket_event (shop_id, ticket_id, kind, user_id, at, before, after)
            VALUES (\(shop)::bigint, \(ticket)::bigint, \(kind), \(user)::bigint, \(now)::timestamptz, \(before), \(after))
            """)
    }

    /// The part before a message, or the newest.
    static func page(
        _ connection: Connection, shop: ShopID, ticket: TicketID, before: MessageID? = nil, limit: Int = ConversationPage.rowsMax
    ) throws -> ConversationPage {
        let place: SQL = before.map { "AND m.message_id < \($0)::bigint" } ?? ""
        let rows = try MessageView.load(connection, shop: shop, where: "m.ticket_id = \(ticket)::bigint \(sql: place)", limit: limit + 1)
        let shown = Array(rows.prefix(limit).reversed())
        let isWhole = rows.count <= limit
        let until: Date? = try before.flatMap { id in
            try connection.queryOne("SELECT created_at FROM message WHERE shop_id = \(shop)::bigint AND message_id = \(id)::bigint") { try $0.next(Date.self) }
        }
        return ConversationPage(
            messages: shown, events: try events(connection, shop: shop, ticket: ticket, from: isWhole ? nil : shown.first?.createdAt, until: until),
            earlier: isWhole ? nil : shown.first?.id)
    }

    /// Changes beyond this many in one page's time are left out, the oldest first.
    private static let eventsMax = 200

    private static func events(
        _ connection: Connection, shop: ShopID, ticket: TicketID, from: Date?, until: Date?
    ) throws -> [TicketEventView] {
        let rows = try connection.query(
            """
            SELECT e.event_id, e.kind, e.user_id, a.name, a.email, e.at, e.before,
                   CASE e.kind WHEN 'assigned' THEN (SELECT x.name FROM staff x WHERE x.shop_id = e.shop_id AND x.user_id::text = e.after) ELSE e.after END
              FROM ticket_event e LEFT JOIN staff a ON a.shop_id = e.shop_id AND a.user_id = e.user_id
             WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = \(ticket)::bigint
               AND e.at >= coalesce(\(from)::timestamptz, '-infinity') AND e.at < coalesce(\(until)::timestamptz, 'infinity')
             ORDER BY e.event_id DESC LIMIT \(eventsMax)::bigint
            """
        ) { row in
            TicketEventView(
                id: try row.next(), kind: try row.next(), by: try StaffName(&row), at: try row.next(), before: try row.next(),
                after: try row.next())
        }
        return rows.reversed()
    }
}

/// Tells windows that have something open.
enum DeskTell {
    static func conversation(_ connection: Connection, shop: ShopID, ticket: TicketID) throws { try tell(connection, shop, ticket, "conversation") }
    static func ticket(_ connection: Connection, shop: ShopID, ticket: TicketID) throws { try tell(connection, shop, ticket, "ticket") }
    static func presence(_ connection: Connection, shop: ShopID, ticket: TicketID) throws { try tell(connection, shop, ticket, "presence") }

    private static func tell(_ connection: Connection, _ shop: ShopID, _ ticket: TicketID, _ what: String) throws {
        try connection.execute("SELECT desk_tell(\(shop)::bigint, \(ticket)::bigint, \(what))")
    }
}
