import Domain
import FoundationEssentials
import Postgres

/// What the desk knows of a ticket beside its credits: whose turn it is, and since when.
public struct TicketDesk: Sendable, Hashable {
    /// Nil: nobody's.
    public let assignee: StaffName?
    public let side: TicketSide
    /// Since when `side` is to act.
    public let waitingSince: Date
    /// To or from the customer; nil when nothing was said yet.
    public let lastMessageAt: Date?
    /// Raised with every addition to the conversation: hand it back when sending.
    public let version: Int64
    public let tags: [String]
    /// By the ledger's rows; what fell due since then is written within seconds, and is in the counters already.
    public let credit: CreditState
    public let lowChannels: [Channel]
    public let emptyChannels: [Channel]
    public let owingChannels: [Channel]

    static let columns: SQL = """
        t.assignee_id, s.name, s.email, t.side, t.waiting_since, t.last_message_at, t.version, t.tags, t.credit_rank, t.low_channels,
        t.empty_channels, t.owing_channels
        """
    static let join: SQL = "LEFT JOIN staff s ON s.shop_id = t.shop_id AND s.user_id = t.assignee_id"

    init(_ row: inout Row) throws {
        assignee = try StaffName(&row)
        side = try row.next()
        waitingSince = try row.next()
        lastMessageAt = try row.next()
        version = try row.next()
        tags = try row.next()
        credit = try row.next()
        lowChannels = try row.next()
        emptyChannels = try row.next()
        owingChannels = try row.next()
    }

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [TicketID: TicketDesk] {
        let rows = try connection.query(
            """
            SELECT t.ticket_id, \(sql: columns) FROM ticket t \(sql: join)
             WHERE t.shop_id = \(shop)::bigint AND t.ticket_id = ANY (\(tickets)::bigint[])
            """
        ) { row in (try row.next(TicketID.self), try TicketDesk(&row)) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}

extension StaffName {
    /// Reads id, name and e-mail; nil when the id is NULL.
    init?(_ row: inout Row) throws {
        let id = try row.next(UserID?.self)
        let name = try row.next(String?.self)
        let email = try row.next(String?.self)
        guard let id else { return nil }
        self.init(id: id, name: name ?? "#\(id)", email: email ?? "")
    }
}
