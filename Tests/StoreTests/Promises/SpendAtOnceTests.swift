import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// A lone spend and several in one statement: two ways, one outcome.
@Suite("Spends that fit the first grant")
struct SpendAtOnceTests {
    /// Spends one e-mail under a key: alone, or together with a spend on a ticket that is not there.
    private static func spend(
        _ fixture: LedgerFixture, _ ticket: TicketID, _ quantity: Int64 = 1, key: String, alone: Bool, channel: String = "email"
    ) async throws -> Answer {
        let key = try #require(IdempotencyKey(key))
        let usage = Usage(ticket: ticket, channel: channel, quantity: quantity)
        if alone { return try await fixture.store.spend(usage, in: fixture.shop, key: key, by: .commandLine) }
        let nowhere = Usage(ticket: TicketID(8_000_000_000 + ticket.rawValue % 2), channel: channel, quantity: 1)
        return try await fixture.store.spend([(usage, key), (nowhere, .fresh())], in: fixture.shop, by: .commandLine)[0].get()
    }

    /// A ticket with ten e-mails worth 10.00 and five SMS.
    private static func ticket(_ fixture: LedgerFixture, low: Int64? = nil) async throws -> TicketID {
        let ticket = try await fixture.addTicket(try await fixture.addCustomer())
        try await fixture.entitle(ticket, credits: 10, value: 1000, low: low)
        try await fixture.entitle(ticket, line: 2, channel: "sms", credits: 5)
        return ticket
    }

    @Test("they are decided by the fast statement: their answers are kept as figures, not as text", arguments: [true, false])
    func fast(alone: Bool) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await Self.ticket(fixture)
            #expect(try await Self.spend(fixture, ticket, key: "k", alone: alone).status == 201)
            let kept: Int64 = try await fixture.one("SELECT count(*) FROM idempotency_key WHERE key = 'k' AND body IS NULL AND entry_id IS NOT NULL")
            #expect(kept == 1)
        }
    }

    @Test("the values of the slices sum to the value of the grant, whatever the steps", arguments: [true, false])
    func values(alone: Bool) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(try await fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 7, value: 1000)
            for (place, quantity) in [Int64(1), 2, 1, 3].enumerated() {
                #expect(try await Self.spend(fixture, ticket, quantity, key: "k\(place)", alone: alone).status == 201)
            }
            let values: [Int64] = try await fixture.one("SELECT array_agg(slice_values[1] ORDER BY entry_id) FROM entry WHERE kind = 'usage'")
            #expect(values == [143, 286, 142, 429])
            #expect(values.reduce(0, +) == 1000)
        }
    }

    @Test("the same key gives the first answer byte for byte, though other channels and this one have moved since", arguments: [true, false])
    func replay(alone: Bool) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await Self.ticket(fixture)
            let first = try await Self.spend(fixture, ticket, 2, key: "k", alone: alone)
            try await fixture.spend(ticket, "sms", 3)
            try await fixture.spend(ticket, "email", 4)
            for again in [true, false] {
                let replayed = try await Self.spend(fixture, ticket, 2, key: "k", alone: again)
                #expect(replayed.isReplayed)
                #expect(replayed.body == first.body)
            }
        }
    }

    @Test("low and empty are told once per crossing", arguments: [true, false])
    func alerts(alone: Bool) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await Self.ticket(fixture, low: 3)
            for place in 0..<10 { #expect(try await Self.spend(fixture, ticket, key: "k\(place)", alone: alone).status == 201) }
            let told: [String] = try await fixture.one("SELECT array_agg(topic ORDER BY outbox_id) FROM outbox WHERE ticket_id = \(ticket.rawValue)::bigint")
            #expect(told == ["credits.low", "credits.empty"])
        }
    }

    @Test("what was granted while the counter's lock was waited for is in the answer", arguments: [true, false])
    func grantedMeanwhile(alone: Bool) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await Self.ticket(fixture)
            let (shop, now) = (fixture.shop, fixture.clock.now)
            // Not those of other tests beside it, whose databases have tables with the same ids.
            let ownLocks: SQL = "FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE a.datname = current_database()"
            let answer = try await withThrowingTaskGroup(of: Answer?.self) { group in
                // The grant is written, and committed only when the spend is seen to wait for it.
                group.addTask {
                    try await fixture.pool.transaction { connection in
                        try connection.execute(
                            """
                            SELECT lock_order_counters(\(shop)::bigint, ARRAY[9::bigint], ARRAY[\(ticket)::bigint], \(now)::timestamptz),
                                   sync_line(\(shop)::bigint, 9, 9, 'email', \(ticket)::bigint, 5, 5, 500, 'EUR', \(now)::timestamptz, NULL, NULL, NULL, 0,
                                             \(now)::timestamptz, \(now)::timestamptz, false)
                            """)
                        while try connection.queryOne("SELECT count(*) \(sql: ownLocks) AND NOT l.granted", { try $0.next(Int.self) }) == 0 {}
                    }
                    return nil
                }
                group.addTask {
                    let isTaken: SQL = "SELECT count(*) \(sql: ownLocks) AND l.relation = 'counter'::regclass AND l.mode = 'RowExclusiveLock'"
                    while try await fixture.pool.read({ try $0.queryOne(isTaken) { try $0.next(Int.self) } }) == 0 {}
                    return try await Self.spend(fixture, ticket, key: "k", alone: alone)
                }
                var found: Answer?
                for try await answer in group { found = answer ?? found }
                return try #require(found)
            }
            #expect(answer.status == 201)
            #expect(answer.body.contains("\"email\":{\"granted\":15,\"used\":1,\"held\":0,\"expired\":0,\"revoked\":0,\"remaining\":14"), "\(answer.body)")
            #expect(try await Self.spend(fixture, ticket, key: "k", alone: alone).body == answer.body)
        }
    }
}
