import Domain
import Foundation
import Postgres
import Store

/// Holds what the store tells of a history's customer against what the oracle knows.
struct HistoryComparison {
    let run: HistoryRun

    /// Counters and pool of every ticket, as the lists show them (P8: with what is due but not recorded).
    func reads() async throws {
        guard let customer = run.customer else { return }
        let shown = try await run.store.tickets(TicketFilter(customer: customer), in: run.shop.id).items
        guard shown.count == run.model.tickets.count else {
            throw mismatch("tickets", "\(run.model.tickets.count)", "\(shown.count)")
        }
        for view in shown {
            let ticket = run.modelTicket(view.number)
            try compare(view.counters, with: run.model.counters(ticket), "ticket \(ticket)")
            for channel in HistoryWorld.channels where (view.pool[channel] ?? 0) != run.model.pool(ticket, channel) {
                throw mismatch("the \(channel) pool of ticket \(ticket)", "\(run.model.pool(ticket, channel))", "\(view.pool[channel] ?? 0)")
            }
        }
    }

    /// After everything that is due was written: counters again, then grants and entries row by row.
    func settled() async throws {
        try await reads()
        let (shop, now, tickets) = (run.shop.id, run.clock.now, Array(run.tickets.values))
        let lines = Array(run.model.books.keys)
        let (grants, entries, books) = try await run.store.pool.transaction { connection in
            try connection.execute("SELECT lock_and_settle(\(shop)::bigint, \(tickets)::bigint[], NULL, \(now)::timestamptz)")
            return (
                try HistoryGrant.load(connection, shop: shop, tickets: tickets), try HistoryMove.load(connection, shop: shop, tickets: tickets),
                try HistoryBooks.load(connection, shop: shop, lines: lines)
            )
        }
        try await reads()
        let told = HistoryBooks.told(run.model.books)
        for key in Set(told.keys).union(books.keys) where told[key] != books[key] {
            throw mismatch("the books of line \(key)", "\(told[key] as Any)", "\(books[key] as Any)")
        }
        try compare(grants)
        try compare(entries, grants)
    }

    func compare(_ found: [Channel: Counter], with expected: [Channel: Counter], _ what: String) throws {
        for channel in HistoryWorld.channels where found[channel] ?? .zero != expected[channel] ?? .zero {
            throw mismatch("\(what), \(channel)", HistoryComparison.words(expected[channel]), HistoryComparison.words(found[channel]))
        }
    }

    /// Grants are made in the same order, so the first is the first.
    private func compare(_ found: [HistoryGrant]) throws {
        let expected = run.model.grants.values.sorted { $0.id < $1.id }
        guard found.count == expected.count else { throw mismatch("grants", "\(expected.count)", "\(found.count)") }
        for (sql, grant) in zip(found, expected) {
            let own = HistoryGrant(grant, ticket: run.tickets[grant.ticket] ?? TicketID(0), like: sql)
            if own != sql { throw mismatch("grant \(grant.id)", "\(own)", "\(sql)") }
            if sql.isExhausted, sql.valueTaken != sql.value { throw mismatch("the value taken of grant \(grant.id)", "\(sql.value)", "\(sql.valueTaken)") }
        }
    }

    /// What moved on each grant, by kind and instant. How what fell due at one instant was cut into entries is nobody's business.
    private func compare(_ found: [HistoryMove: HistoryAmount], _ grants: [HistoryGrant]) throws {
        let ids = run.model.grants.keys.sorted()
        let bySQL = Dictionary(uniqueKeysWithValues: zip(ids, grants.map(\.id)))
        var expected: [HistoryMove: HistoryAmount] = [:]
        for entry in run.model.entries {
            for (slice, value) in zip(entry.slices, entry.values) {
                let move = HistoryMove(
                    kind: entry.kind, grant: bySQL[slice.grant] ?? GrantID(0), spentFor: entry.spentFor.flatMap { run.tickets[$0] }, at: entry.at)
                let amount = HistoryAmount(credits: slice.quantity, value: value)
                expected[move] = expected[move].map { $0 + amount } ?? amount
            }
        }
        for move in Set(expected.keys).union(found.keys) where expected[move] != found[move] {
            throw mismatch("\(move)", "\(expected[move] as Any)", "\(found[move] as Any)")
        }
    }

    private func mismatch(_ what: String, _ expected: String, _ found: String) -> HistoryMismatch {
        HistoryMismatch(place: nil, description: "\(what): the oracle says \(expected), the SQL \(found)")
    }

    private static func words(_ counter: Counter?) -> String {
        let counter = counter ?? .zero
        return "granted \(counter.granted) used \(counter.used) held \(counter.held) expired \(counter.expired) revoked \(counter.revoked)"
            + " remaining \(counter.remaining) shortfall \(counter.shortfall)"
    }
}
