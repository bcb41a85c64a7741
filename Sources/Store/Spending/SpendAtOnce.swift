import Domain
import FoundationEssentials
import Postgres

/// The spends that fit into the first grants of their counters, decided, posted and kept with their keys by one statement (`spend_at_once`; a
/// lone spend by `spend_one`).
///
/// At most one channel of each ticket: an answer shows a ticket's other channels as they were before the batch.
struct SpendAtOnce: Sendable {
    private let items: [SpendItem]
    private let now: Date
    /// Places of `items`, by counter in the order of locks, and within one as they came.
    private let order: [Int]

    init(_ items: [SpendItem], now: Date) {
        self.items = items
        self.now = now
        order = items.indices.sorted { (items[$0].shop.rawValue, items[$0].ticket.rawValue, $0) < (items[$1].shop.rawValue, items[$1].ticket.rawValue, $1) }
    }

    /// The answers in the order of the items; nil where the item was left out.
    func decide(_ connection: Connection) throws -> [Answer?] {
        guard items.count > 1 else { return try items.map { try decideAlone($0, connection) } }
        let sorted = order.map { items[$0] }
        let groups = SpendGroups(sorted)
        var answers = [Answer?](repeating: nil, count: items.count)
        _ = try connection.query(
            """
            SELECT o, entry_id, grant_id, value, currency, balance_after, channels, figures
              FROM spend_at_once(\(groups.shops)::bigint[], \(groups.tickets)::bigint[], \(groups.channels)::text[], \(groups.totals)::integer[],
                                 \(groups.lasts)::integer[], \(groups.places)::integer[], \(sorted.map(\.quantity))::integer[],
                                 \(groups.runnings)::integer[], \(sorted.map(\.key.text))::text[],
                                 \(sorted.map { Hex.text($0.fingerprint) })::text[], \(sorted.map(\.actor))::bigint[],
                                 \(sorted.map(\.occurredAt))::timestamptz[], \(sorted.map(\.ruleVersion))::integer[],
                                 \(sorted.map(\.reference))::text[], \(now)::timestamptz)
            """
        ) { row in
            let place = try row.next(Int.self) - 1
            answers[order[place]] = try answer(sorted[place], &row)
        }
        return answers
    }

    private func decideAlone(_ item: SpendItem, _ connection: Connection) throws -> Answer? {
        try connection.query(
            """
            SELECT o, entry_id, grant_id, value, currency, balance_after, channels, figures
              FROM spend_one(\(item.shop)::bigint, \(item.ticket)::bigint, \(item.channel)::text, \(item.quantity)::bigint, \(item.key.text)::text,
                             \(Hex.text(item.fingerprint))::text, \(item.actor)::bigint, \(item.occurredAt)::timestamptz,
                             \(item.ruleVersion)::integer, \(item.reference)::text, \(now)::timestamptz)
            """
        ) { row in
            _ = try row.next(Int.self)
            return try answer(item, &row)
        }.first
    }

    private func answer(_ item: SpendItem, _ row: inout Row) throws -> Answer {
        let id = try row.next(EntryID.self)
        let slice = EntrySlice(
            grant: try row.next(), ticket: item.ticket, quantity: item.quantity, value: try row.next(), currency: try row.next())
        let balance = try row.next(Int64.self)
        let figures = CounterFigures(channels: try row.next(), figures: try row.next())
        let entry = item.entry(id: id, balanceAfter: balance, slices: [slice], now: now)
        return .entry(entry, counters: figures.after(item.channel, balance: balance))
    }
}

/// The counters that sorted spends ask of, and how much: the arrays that `spend_at_once` takes.
private struct SpendGroups {
    var shops: [ShopID] = []
    var tickets: [TicketID] = []
    var channels: [Channel] = []
    var totals: [Int64] = []
    /// The place, from 1, of each group's last spend.
    var lasts: [Int] = []
    /// Of each spend: its group, from 1, and the sum of the group's quantities up to it.
    var places: [Int] = []
    var runnings: [Int64] = []

    init(_ sorted: [SpendItem]) {
        for item in sorted {
            if shops.last != item.shop || tickets.last != item.ticket {
                shops.append(item.shop)
                tickets.append(item.ticket)
                channels.append(item.channel)
                totals.append(0)
                lasts.append(places.count)
            }
            let group = totals.count - 1
            totals[group] += item.quantity
            lasts[group] += 1
            places.append(group + 1)
            runnings.append(totals[group])
        }
    }
}
