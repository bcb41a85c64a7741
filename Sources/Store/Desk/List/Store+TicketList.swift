import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Tickets that a search looks through one by one for a page, when its words are too frequent to be found by the index alone.
    public static let searchWalkMax = 1_500
    /// Tickets that a search looks at before it asks the index.
    public static let searchGlanceMax = 300
    /// Tickets that the search's index may name before that is done.
    public static let searchFoundMax = 2_000

    /// A page of the ticket list, of one moment. `user` is who asks: `mine` is theirs.
    public func ticketList(
        _ query: TicketListQuery, in shop: ShopID, for user: UserID, after: TicketListCursor? = nil, limit: Int = Store.listDefault
    ) async throws -> TicketListPage {
        let now = clock()
        let limit = min(max(limit, 1), Store.listMax)
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            let page = try TicketListPlace(shop: shop, query: query, user: user, after: after, limit: limit).find(connection)
            return TicketListPage(rows: try TicketListRow.load(connection, shop: shop, tickets: page.tickets, now: now), next: page.next)
        }
    }

    /// How many tickets each view has, each counted to `TicketListCount.max`.
    public func ticketCounts(in shop: ShopID, for user: UserID) async throws -> [TicketListView: TicketListCount] {
        let counts = TicketListView.allCases.map { view -> SQL in
            """
            (SELECT count(*) FROM (SELECT FROM ticket t WHERE t.shop_id = \(shop)::bigint AND \(sql: view.condition(for: user))
                                    LIMIT \(TicketListCount.max + 1)::bigint) x)
            """
        }
        return try await pool.read { connection in
            let found = try connection.queryOne("SELECT \(sql: counts.joined(separator: ", "))") { row in
                try TicketListView.allCases.map { ($0, TicketListCount(upTo: try row.next(Int.self))) }
            }
            return Dictionary(found ?? [], uniquingKeysWith: { $1 })
        }
    }
}

extension TicketListRow {
    /// In the order of the numbers given.
    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID], now: Date) throws -> [TicketListRow] {
        guard !tickets.isEmpty else { return [] }
        let views = try TicketRows.load(connection, shop: shop, where: "t.ticket_id = ANY (\(tickets)::bigint[])", limit: tickets.count, now: now)
        let byNumber = Dictionary(views.map { ($0.number, $0) }, uniquingKeysWith: { $1 })
        let desks = try TicketDesk.load(connection, shop: shop, tickets: tickets)
        let presence = try PresenceView.load(connection, shop: shop, tickets: tickets, now: now)
        return tickets.compactMap { number in
            guard let ticket = byNumber[number], let desk = desks[number] else { return nil }
            return TicketListRow(ticket: ticket, desk: desk, presence: presence[number] ?? [])
        }
    }
}
