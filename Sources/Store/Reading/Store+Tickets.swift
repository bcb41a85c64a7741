import Domain
import FoundationEssentials
import Postgres

/// Which tickets a list shows. Nil asks for nothing.
public struct TicketFilter: Sendable, Hashable {
    public var status: String?
    public var customer: CustomerID?
    public var order: OrderID?
    /// Only tickets with a counter of the channel.
    public var channel: Channel?
    /// Only tickets with a counter (of `channel`, if given) at or below its low mark, or empty.
    public var isLow = false

    public init(
        status: String? = nil, customer: CustomerID? = nil, order: OrderID? = nil, channel: Channel? = nil, isLow: Bool = false
    ) {
        self.status = status
        self.customer = customer
        self.order = order
        self.channel = channel
        self.isLow = isLow
    }
}

extension Store {
    /// Rows of one list answer at most, and unless asked otherwise.
    public static let listMax = 200
    public static let listDefault = 50

    /// One ticket; nil when the shop has none of that number.
    public func ticket(_ number: TicketID, in shop: ShopID) async throws -> TicketView? {
        let now = clock()
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            try TicketRows.load(connection, shop: shop, where: "t.ticket_id = \(number)::bigint", limit: 1, now: now).first
        }
    }

    /// Tickets from the newest on.
    public func tickets(
        _ filter: TicketFilter = TicketFilter(), in shop: ShopID, after: Int64? = nil, limit: Int = Store.listDefault
    ) async throws -> ListPage<TicketView> {
        let now = clock()
        let limit = min(max(limit, 1), Store.listMax)
        let condition = filter.condition(after: after)
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            let rows = try TicketRows.load(connection, shop: shop, where: condition, limit: limit + 1, now: now)
            return ListPage(rows, limit: limit) { $0.number.rawValue }
        }
    }

    /// A ticket's entries, oldest first; nil when the shop has no such ticket.
    public func entries(
        of ticket: TicketID, in shop: ShopID, after: Int64? = nil, limit: Int = Store.listDefault
    ) async throws -> ListPage<EntryView>? {
        let limit = min(max(limit, 1), Store.listMax)
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            let exists = try connection.queryOne(
                "SELECT true FROM ticket WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint"
            ) { try $0.next(Bool.self) }
            guard exists != nil else { return nil }
            let rows = try EntryRows.load(
                connection, shop: shop, where: "e.ticket_id = \(ticket)::bigint AND e.entry_id > \(after ?? 0)::bigint", limit: limit + 1)
            return ListPage(rows, limit: limit) { $0.id.rawValue }
        }
    }

    /// A hold; nil when the shop has none of that number.
    public func hold(_ hold: HoldID, in shop: ShopID) async throws -> HoldView? {
        try await pool.read { try HoldRow.view($0, shop: shop, hold: hold) }
    }
}

extension TicketFilter {
    fileprivate func condition(after: Int64?) -> SQL {
        var conditions: [SQL] = ["true"]
        if let after { conditions.append("t.ticket_id < \(after)::bigint") }
        if let status { conditions.append("t.status = \(status)") }
        if let customer { conditions.append("t.customer_id = \(customer)::bigint") }
        if let order {
            conditions.append(
                "EXISTS (SELECT FROM ticket_order x WHERE x.shop_id = t.shop_id AND x.ticket_id = t.ticket_id AND x.order_id = \(order)::bigint)")
        }
        if channel != nil || isLow {
            var counter: [SQL] = ["k.shop_id = t.shop_id", "k.ticket_id = t.ticket_id"]
            if let channel { counter.append("k.channel = \(channel)") }
            if isLow { counter.append("k.remaining <= coalesce(k.low_at, 0)") }
            conditions.append("EXISTS (SELECT FROM counter k WHERE \(sql: counter.joined(separator: " AND ")))")
        }
        return conditions.joined(separator: " AND ")
    }
}
