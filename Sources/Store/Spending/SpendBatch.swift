import Domain
import FoundationEssentials
import Postgres

/// Decides waiting spends in one statement, writes each answer beside its key, all in one transaction.
struct SpendBatch {
    let items: [SpendItem]
    let now: Date

    init(_ items: [SpendItem], now: Date) {
        self.items = items
        self.now = now
    }

    /// The answers in the order of the items.
    func decide(_ connection: Connection) throws -> [Answer] {
        let decisions = try spend(connection)
        let sisters = try otherCounters(connection, decisions)
        let currencies = try currencies(connection, decisions)
        let topUps = try topUps(connection, decisions)
        var answers = [Answer?](repeating: nil, count: items.count)
        var fresh: [Int] = []
        for decision in decisions {
            let item = items[decision.place]
            if let stored = decision.stored {
                answers[decision.place] = stored.replay(for: item.fingerprint)
            } else {
                answers[decision.place] = answer(
                    item, decision, sisters, currencies, topUp: topUps[TicketKey(shop: item.shop, ticket: item.ticket)])
                fresh.append(decision.place)
            }
        }
        let all = try answers.map { answer in
            guard let answer else { throw PostgresError(.protocol, "spend_batch left an item undecided") }
            return answer
        }
        try keep(connection, fresh.map { (items[$0], all[$0]) })
        return all
    }

    private func spend(_ connection: Connection) throws -> [SpendDecision] {
        try connection.query(
            """
            SELECT o, status, entry_id, currency, balance_after, granted, used, held, expired, revoked, shortfall,
                   slice_grants, slice_quantities, slice_values, slice_tickets, pooled, stored_fingerprint, stored_status, stored_body
              FROM spend_batch(\(items.map(\.shop))::bigint[], \(items.map(\.ticket))::bigint[], \(items.map(\.channel))::text[],
                               \(items.map(\.quantity))::bigint[], \(items.map(\.key.text))::text[], \(items.map(\.actor))::bigint[],
                               \(items.map(\.occurredAt))::timestamptz[], \(items.map(\.ruleVersion))::integer[],
                               \(items.map(\.reference))::text[], \(now)::timestamptz)
            """
        ) { row in
            let place = try row.next(Int.self) - 1
            let status = try row.next(String.self)
            let entry = try row.next(EntryID?.self)
            let currency = try row.next(String?.self)
            let balance = try row.next(Int64?.self) ?? 0
            let counter = Counter(
                granted: try row.next(Int64?.self) ?? 0, used: try row.next(Int64?.self) ?? 0, held: try row.next(Int64?.self) ?? 0,
                expired: try row.next(Int64?.self) ?? 0, revoked: try row.next(Int64?.self) ?? 0,
                shortfall: try row.next(Int64?.self) ?? 0)
            let grants = try row.next([GrantID]?.self) ?? []
            let quantities = try row.next([Int64]?.self) ?? []
            let values = try row.next([Int64]?.self) ?? []
            let tickets = try row.next([TicketID]?.self) ?? []
            let pooled = try row.next(Int64?.self) ?? 0
            var stored: StoredAnswer?
            if status == "replayed" {
                stored = StoredAnswer(
                    fingerprint: try row.next([UInt8].self), status: try row.next(Int.self), body: try row.next(String.self))
            }
            return SpendDecision(
                place: place, status: status, entry: entry, currency: currency, balanceAfter: balance, counter: counter, grants: grants,
                quantities: quantities, values: values, tickets: tickets, pooled: pooled, stored: stored)
        }
    }

    /// The counters of every ticket that was spent on: the answer shows all of a ticket's channels.
    private func otherCounters(_ connection: Connection, _ decisions: [SpendDecision]) throws -> [TicketKey: [Channel: Counter]] {
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
    private func topUps(_ connection: Connection, _ decisions: [SpendDecision]) throws -> [TicketKey: String] {
        var urls: [TicketKey: String] = [:]
        for decision in decisions where decision.status == "insufficient" {
            let key = TicketKey(shop: items[decision.place].shop, ticket: items[decision.place].ticket)
            if urls[key] == nil { urls[key] = try TopUp.url(connection, shop: key.shop, ticket: key.ticket) }
        }
        return urls
    }

    private func currencies(_ connection: Connection, _ decisions: [SpendDecision]) throws -> [GrantID: String] {
        let grants = decisions.filter { $0.currency == nil }.flatMap(\.grants)
        return grants.isEmpty ? [:] : try GrantCurrency.load(connection, grants: grants)
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
        var slices: [EntrySlice] = []
        for index in decision.grants.indices {
            slices.append(
                EntrySlice(
                    grant: decision.grants[index], ticket: decision.tickets[index], quantity: decision.quantities[index],
                    value: decision.values[index], currency: decision.currency ?? currencies[decision.grants[index]] ?? ""))
        }
        let entry = EntryView(
            id: id, ticket: item.ticket, kind: .usage, channel: item.channel, quantity: item.quantity, balanceAfter: decision.balanceAfter,
            slices: slices, agent: item.agent, recordedAt: now, effectiveAt: now, occurredAt: item.occurredAt, reference: item.reference,
            ruleVersion: item.ruleVersion)
        var counters = sisters[TicketKey(shop: item.shop, ticket: item.ticket)] ?? [:]
        if decision.counter.granted > 0 || counters[item.channel] != nil { counters[item.channel] = decision.counter }
        return .entry(entry, counters: counters)
    }

    private func keep(_ connection: Connection, _ answers: [(item: SpendItem, answer: Answer)]) throws {
        let stored = answers.filter(\.answer.isStored)
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
