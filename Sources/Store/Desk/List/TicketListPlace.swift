import Domain
import Postgres

/// Finds the numbers of a page of the list. A search first looks at the words of a few tickets in the list's own order, which is enough for
/// words that most have. Else it starts from the index of words where they are rare, and walks on in the list's order where they are not, so it
/// never looks at all tickets.
struct TicketListPlace {
    let shop: ShopID
    let query: TicketListQuery
    let user: UserID
    let after: TicketListCursor?
    let limit: Int

    typealias Page = (tickets: [TicketID], next: TicketListCursor?)

    func find(_ connection: Connection) throws -> Page {
        guard let words = try words(connection) else { return try page(connection, "", limit) }
        // How often the beginning of a word occurs the planner only guesses; a wrong guess would read all tickets one after the other.
        try connection.execute("SET LOCAL enable_seqscan TO off")
        let glance = try walk(connection, words, Store.searchGlanceMax)
        if glance.tickets.count == limit || glance.next == nil { return glance }
        let found = try connection.query(
            """
            SELECT s.ticket_id FROM ticket_search s WHERE s.shop_id = \(shop)::bigint AND s.words @@ \(words)::tsquery
             LIMIT \(Store.searchFoundMax + 1)::bigint
            """
        ) { try $0.next(TicketID.self) }
        if found.count > Store.searchFoundMax { return try walk(connection, words, Store.searchWalkMax) }
        return try page(connection, "AND t.ticket_id = ANY (\(found)::bigint[])", limit)
    }

    /// Nil when nothing is searched.
    private func words(_ connection: Connection) throws -> String? {
        guard let search = query.search?.prefix(TicketListQuery.searchMax), !search.utf8.contains(0) else { return nil }
        return try connection.queryOne("SELECT search_query(\(String(search)))::text") { try $0.next(String?.self) } ?? nil
    }

    private var condition: SQL {
        let place: SQL = after.map { "AND \(sql: query.sort.condition(after: $0))" } ?? ""
        return "t.shop_id = \(shop)::bigint AND \(sql: query.condition(for: user)) \(sql: place)"
    }

    private func page(_ connection: Connection, _ more: SQL, _ limit: Int) throws -> Page {
        let keys = try connection.query(
            """
            SELECT \(sql: query.sort.key) FROM ticket t WHERE \(sql: condition) \(sql: more)
             ORDER BY \(sql: query.sort.order) LIMIT \(limit + 1)::bigint
            """
        ) { try TicketListCursor(&$0) }
        let shown = keys.prefix(limit)
        return (shown.map { TicketID($0.ticket) }, keys.count > limit ? shown.last : nil)
    }

    /// `next` is nil when no ticket was left to look at.
    private func walk(_ connection: Connection, _ words: String, _ walkMax: Int) throws -> Page {
        let keys = try connection.query(
            """
            SELECT \(sql: query.sort.key), s.words @@ \(words)::tsquery
              FROM (SELECT * FROM ticket t WHERE \(sql: condition) ORDER BY \(sql: query.sort.order) LIMIT \(walkMax)::bigint) t
              JOIN ticket_search s ON s.shop_id = t.shop_id AND s.ticket_id = t.ticket_id
             ORDER BY \(sql: query.sort.order)
            """
        ) { row in (key: try TicketListCursor(&row), matches: try row.next(Bool.self)) }
        let matches = keys.filter(\.matches).map(\.key)
        let shown = matches.prefix(limit)
        let next = matches.count > limit ? shown.last : keys.count == walkMax ? keys.last?.key : nil
        return (shown.map { TicketID($0.ticket) }, next)
    }
}
