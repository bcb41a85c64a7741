import Domain
import FoundationEssentials
import Postgres

/// What a customer has, now or as of an instant: in all, and ticket by ticket.
public struct BalanceView: Sendable, Hashable {
    public let customer: CustomerView
    public let at: Date
    /// A shortfall is known of now only: of a past instant it is nil.
    public let isPast: Bool
    public let tickets: [(number: TicketID, counters: [Channel: Counter])]

    public var counters: [Channel: Counter] {
        var sums: [Channel: Counter] = [:]
        for ticket in tickets {
            for (channel, counter) in ticket.counters { sums[channel] = (sums[channel] ?? .zero) + counter }
        }
        return sums
    }

    public static func == (left: BalanceView, right: BalanceView) -> Bool {
        left.customer == right.customer && left.at == right.at
            && left.tickets.map(\.number) == right.tickets.map(\.number) && left.tickets.map(\.counters) == right.tickets.map(\.counters)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(customer)
        hasher.combine(at)
    }

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("customer") { customer.write(&$0) }
            json.field("at", Timestamp.text(at))
            json.field("counters") { $0.counters(counters) }
            json.field("tickets") { json in
                json.array(tickets) { json, ticket in
                    json.object { json in
                        json.field("number", ticket.number.rawValue)
                        json.field("counters") { $0.counters(ticket.counters) }
                    }
                }
            }
        }
    }
}

extension Store {
    /// A customer's balance now (nil), as of a past instant, or as it will be at a future one if nothing else happens. Nil when the
    /// shop has no such customer.
    public func balance(of customer: CustomerID, in shop: ShopID, at: Date? = nil) async throws -> BalanceView? {
        let now = Timestamp.rounded(clock())
        let instant = at ?? now
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            guard let view = try CustomerView.load(connection, shop: shop, customer: customer) else { return nil }
            let tickets = try connection.query(
                "SELECT ticket_id FROM ticket WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint ORDER BY ticket_id"
            ) { try $0.next(TicketID.self) }
            let counters =
                instant < now
                ? try CounterRows.loadPast(connection, shop: shop, tickets: tickets, at: instant)
                : try CounterRows.load(connection, shop: shop, tickets: tickets, now: instant)
            let shown = tickets.compactMap { number in counters[number].map { (number: number, counters: $0) } }
            return BalanceView(customer: view, at: instant, isPast: instant < now, tickets: shown)
        }
    }

    public func customer(_ customer: CustomerID, in shop: ShopID) async throws -> CustomerView? {
        try await pool.read { try CustomerView.load($0, shop: shop, customer: customer) }
    }

    /// The customer of a ticket; nil when the shop has no such ticket.
    public func customer(ofTicket ticket: TicketID, in shop: ShopID) async throws -> CustomerID? {
        try await pool.read { connection in
            try connection.queryOne(
                "SELECT customer_id FROM ticket WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint"
            ) { try $0.next() }
        }
    }
}

extension CustomerView {
    static func load(_ connection: Connection, shop: ShopID, customer: CustomerID) throws -> CustomerView? {
        try connection.queryOne(
            """
            SELECT customer_id, name, email, phone FROM customer
             WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint
            """
        ) { row in CustomerView(id: try row.next(), name: try row.next(), email: try row.next(), phone: try row.next()) }
    }
}

extension CounterRows {
    static func loadPast(
        _ connection: Connection, shop: ShopID, tickets: [TicketID], at: Date
    ) throws -> [TicketID: [Channel: Counter]] {
        var counters: [TicketID: [Channel: Counter]] = [:]
        _ = try connection.query(
            """
            SELECT ticket_id, channel, granted, used, held, expired, revoked
              FROM counters_as_of(\(shop)::bigint, \(tickets)::bigint[], \(at)::timestamptz)
            """
        ) { row in
            let ticket = try row.next(TicketID.self)
            let channel = try row.next(Channel.self)
            counters[ticket, default: [:]][channel] = Counter(
                granted: try row.next(), used: try row.next(), held: try row.next(), expired: try row.next(), revoked: try row.next())
        }
        return counters
    }
}
