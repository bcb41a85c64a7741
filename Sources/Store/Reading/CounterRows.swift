import Domain
import FoundationEssentials
import Postgres

/// P10: what is left, from its one place (`counters_at`).
enum CounterRows {
    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID], now: Date) throws -> [TicketID: [Channel: Counter]] {
        var counters: [TicketID: [Channel: Counter]] = [:]
        _ = try connection.query(
            """
            SELECT ticket_id, channel, granted, used, held, expired, revoked, shortfall
              FROM counters_at(\(shop)::bigint, \(tickets)::bigint[], \(now)::timestamptz)
            """
        ) { row in
            let ticket = try row.next(TicketID.self)
            let channel = try row.next(Channel.self)
            counters[ticket, default: [:]][channel] = Counter(
                granted: try row.next(), used: try row.next(), held: try row.next(), expired: try row.next(), revoked: try row.next(),
                shortfall: try row.next())
        }
        return counters
    }
}

enum GrantCurrency {
    static func load(_ connection: Connection, shops: Set<ShopID>, grants: [GrantID]) throws -> [GrantID: String] {
        let rows = try connection.query(
            "SELECT grant_id, currency FROM credit_grant WHERE shop_id = ANY (\(Array(shops))::bigint[]) AND grant_id = ANY (\(grants)::bigint[])"
        ) { row in (try row.next(GrantID.self), try row.next(String.self)) }
        return Dictionary(rows, uniquingKeysWith: { $1 })
    }
}
