import Domain
import FoundationEssentials
import Postgres

extension Spent {
    /// The entry that answers the write: the first one, with the slices of all.
    func entry(
        _ connection: Connection, id: EntryID, ticket: TicketID, kind: EntryKind, channel: Channel, decision: Decision, now: Date,
        hold: HoldID? = nil, corrects: EntryID? = nil, reason: String? = nil, note: String? = nil
    ) throws -> EntryView {
        let balance = try connection.queryOne(
            """
            SELECT remaining FROM counter
             WHERE shop_id = \(decision.shop.id)::bigint AND ticket_id = \(ticket)::bigint AND channel = \(channel)
            """
        ) { try $0.next(Int64.self) }
        return EntryView(
            id: id, ticket: ticket, kind: kind, channel: channel, quantity: quantities.reduce(0, +), balanceAfter: balance ?? 0,
            slices: try slices(connection, shop: decision.shop.id), agent: decision.caller.label, recordedAt: now, effectiveAt: now, occurredAt: nil,
            reference: nil, note: note, reason: reason, hold: hold, corrects: corrects)
    }
}

enum HoldRow {
    static func quantity(_ connection: Connection, shop: ShopID, hold: HoldID) throws -> Int64 {
        try view(connection, shop: shop, hold: hold)?.quantity ?? 0
    }

    static func view(_ connection: Connection, shop: ShopID, hold: HoldID) throws -> HoldView? {
        try connection.queryOne(
            """
            SELECT hold_id, ticket_id, channel, quantity, status, deadline FROM hold
             WHERE shop_id = \(shop)::bigint AND hold_id = \(hold)::bigint
            """
        ) { row in
            HoldView(
                id: try row.next(), ticket: try row.next(), channel: try row.next(), quantity: try row.next(), status: try row.next(),
                expiresAt: try row.next())
        }
    }
}

enum TopUp {
    /// Where more can be bought for the ticket.
    static func url(_ connection: Connection, shop: ShopID, ticket: TicketID) throws -> String? {
        try connection.queryOne(
            "SELECT top_up_url FROM ticket WHERE shop_id = \(shop)::bigint AND ticket_id = \(ticket)::bigint"
        ) { try $0.next(String?.self) } ?? nil
    }
}

extension Shop {
    /// The channel in use by that name.
    func channel(_ name: String) -> Channel? { Channel(rawValue: name).flatMap { rules[$0] == nil ? nil : $0 } }

    func unknownChannel(_ name: String) -> Refusal { .unknownChannel(name: name, known: channels) }
}

extension Answer {
    /// 201 with the hold's own entry, its new deadline and the ticket's counters: extending moves no credits.
    static func extended(_ connection: Connection, shop: ShopID, hold: HoldID, ticket: TicketID, now: Date) throws -> Answer {
        let view = try HoldRow.view(connection, shop: shop, hold: hold)
        let id = try connection.queryOne(
            """
            SELECT min(e.entry_id) FROM entry e JOIN hold_slice s ON s.shop_id = e.shop_id AND s.hold_id = e.hold_id AND s.ticket_id = e.ticket_id
             WHERE e.shop_id = \(shop)::bigint AND e.hold_id = \(hold)::bigint AND e.kind = 'hold'
            """
        ) { try $0.next(EntryID?.self) } ?? nil
        guard let view, let id, let entry = try EntryRows.load(connection, shop: shop, where: "e.entry_id = \(id)::bigint").first else {
            throw PostgresError(.protocol, "hold \(hold) has no entry")
        }
        return try .written(connection, shop: shop, ticket: ticket, entry: entry, hold: view, now: now)
    }
}
