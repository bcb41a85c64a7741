import Domain
import FoundationEssentials
import Postgres

/// Spends that did not fit together, decided one after the other (`spend_each`) and kept with their keys, all in one transaction: replays,
/// refusals, several grants, lenders, and whatever is due on their counters. Keys need no lock: every outcome is kept with its key, so of two
/// transactions that decide one key the second to commit breaks its uniqueness, is run again and finds the first one's answer.
struct SpendEach: Sendable {
    let items: [SpendItem]
    let now: Date

    init(_ items: [SpendItem], now: Date) {
        self.items = items
        self.now = now
    }

    /// The answers in the order of the items.
    func decide(_ connection: Connection) throws -> [Answer] {
        let stored = Dictionary(
            try StoredAnswer.load(connection, keys: items.map(\.spendKey)).map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        var answers = try items.map { try stored[$0.spendKey]?.replay(connection, for: $0.fingerprint) }
        let fresh = items.indices.filter { answers[$0] == nil }
        for (place, answer) in zip(fresh, try decide(connection, fresh.map { items[$0] })) { answers[place] = answer }
        try keep(connection, fresh.map { (items[$0], answers[$0]) })
        return try answers.map { answer in
            guard let answer else { throw PostgresError(.protocol, "spend_each left an item undecided") }
            return answer
        }
    }

    private func decide(_ connection: Connection, _ items: [SpendItem]) throws -> [Answer?] {
        guard !items.isEmpty else { return [] }
        let decisions = try spend(connection, items)
        let sisters = try otherCounters(connection, items, decisions)
        let currencies = try GrantCurrency.load(connection, shops: Set(items.map(\.shop)), grants: decisions.flatMap(\.grants))
        let topUps = try topUps(connection, items, decisions)
        var answers = [Answer?](repeating: nil, count: items.count)
        for decision in decisions {
            let item = items[decision.place]
            answers[decision.place] = answer(item, decision, sisters, currencies, topUp: topUps[item.ticketKey])
        }
        return answers
    }

    private func spend(_ connection: Connection, _ items: [SpendItem]) throws -> [SpendDecision] {
        try connection.query(
            """
            SELECT o, status, entry_id, balance_after, granted, used, held, expired, revoked, shortfall,
                   slice_grants, slice_quantities, slice_values, slice_tickets, pooled
              FROM spend_each(\(items.map(\.shop))::bigint[], \(items.map(\.ticket))::bigint[], \(items.map(\.channel))::text[],
                              \(items.map(\.quantity))::bigint[], \(items.map(\.actor))::bigint[], \(items.map(\.occurredAt))::timestamptz[],
                              \(items.map(\.ruleVersion))::integer[], \(items.map(\.reference))::text[], \(now)::timestamptz)
            """
        ) { try SpendDecision(&$0) }
    }

    /// The counters of every ticket that was spent on: the answer shows all of a ticket's channels.
    private func otherCounters(
        _ connection: Connection, _ items: [SpendItem], _ decisions: [SpendDecision]
    ) throws -> [TicketKey: [Channel: Counter]] {
        var tickets: [ShopID: Set<TicketID>] = [:]
        for decision in decisions where decision.status == "done" {
            tickets[items[decision.place].shop, default: []].insert(items[decision.place].ticket)
        }
        var counters: [TicketKey: [Channel: Counter]] = [:]
        for (shop, numbers) in tickets {
            for (ticket, channels) in try CounterRows.load(connection, shop: shop, tickets: Array(numbers), now: now) {
                counters[TicketKey(shop: shop, ticket: ticket)] = channels
            }
        }
        return counters
    }

    /// A refusal says where more can be bought.
    private func topUps(_ connection: Connection, _ items: [SpendItem], _ decisions: [SpendDecision]) throws -> [TicketKey: String] {
        var urls: [TicketKey: String] = [:]
        for decision in decisions where decision.status == "insufficient" {
            let key = items[decision.place].ticketKey
            if urls[key] == nil { urls[key] = try TopUp.url(connection, shop: key.shop, ticket: key.ticket) }
        }
        return urls
    }

    private func answer(
        _ item: SpendItem, _ decision: SpendDecision, _ sisters: [TicketKey: [Channel: Counter]], _ currencies: [GrantID: String],
        topUp: String?
    ) -> Answer {
        guard let id = decision.entry else {
            if decision.status == "unknown-ticket" { return .refused(.unknownTicket(item.ticket)) }
            return .refused(
                .insufficientCredits(
                    channel: item.channel, needed: item.quantity, remaining: decision.balanceAfter, pool: decision.pooled, topUpURL: topUp))
        }
        let slices = decision.grants.indices.map { index in
            EntrySlice(
                grant: decision.grants[index], ticket: decision.tickets[index], quantity: decision.quantities[index],
                value: decision.values[index], currency: currencies[decision.grants[index]] ?? "")
        }
        var counters = sisters[item.ticketKey] ?? [:]
        if decision.counter.granted > 0 || counters[item.channel] != nil { counters[item.channel] = decision.counter }
        return .entry(item.entry(id: id, balanceAfter: decision.balanceAfter, slices: slices, now: now), counters: counters)
    }

    private func keep(_ connection: Connection, _ answers: [(item: SpendItem, answer: Answer?)]) throws {
        let stored = answers.compactMap { item, answer in answer.flatMap { $0.isStored ? (item: item, answer: $0) : nil } }
        guard !stored.isEmpty else { return }
        try connection.execute(
            """
            INSERT INTO idempotency_key (shop_id, key, fingerprint, status, body, created_at)
            SELECT s, k, decode(f, 'hex'), c, b, \(now)::timestamptz
              FROM unnest(\(stored.map(\.item.shop))::bigint[], \(stored.map(\.item.key.text))::text[],
                          \(stored.map { Hex.text($0.item.fingerprint) })::text[], \(stored.map(\.answer.status))::smallint[],
                          \(stored.map(\.answer.body))::text[]) AS x (s, k, f, c, b)
            """)
    }
}

struct TicketKey: Hashable, Sendable {
    let shop: ShopID
    let ticket: TicketID
}

enum Hex {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
