import Domain
import Foundation
import Postgres
import Store
import Synchronization
import TestSupport
import Testing

@Suite("verify proves that everything adds up, and names what does not")
struct VerifyTests {
    @Test("an empty database is clean")
    func empty() async throws {
        try await LedgerFixture.with { fixture in
            let report = try await fixture.store.verify()
            #expect(report.problem == nil)
            #expect(report.figures.entries == 0)
        }
    }

    @Test("after random work of every kind it is clean", arguments: Array(11...16))
    func randomWork(seed: Int) async throws {
        try await LedgerFixture.with(pooling: seed.isMultiple(of: 2)) { fixture in
            try await RandomWork(fixture: fixture, seed: UInt64(seed)).run(steps: 150)
            let report = try await fixture.store.verify()
            #expect(report.problem == nil, "seed \(seed)")
            #expect(report.figures.entries > 50)
            #expect(report.figures.keys > 20)
        }
    }

    @Test("what expired but was not yet recorded is no error")
    func dueIsNoError() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 5, expires: fixture.clock.now.addingTimeInterval(60))
            fixture.clock.advance(seconds: 3600)
            #expect(try await fixture.store.verify().isClean)
        }
    }

    @Test("credits that come back to a used-up grant still expire on their day")
    func comeBackAndExpire() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 2, expires: fixture.clock.now.addingTimeInterval(86_400))
            let usage = try await fixture.spend(ticket, "email", 2)
            // Something else falls due, so that the counter looks for what comes next while the first grant has nothing left.
            try await fixture.entitle(ticket, order: 2, credits: 1, expires: fixture.clock.now.addingTimeInterval(60))
            fixture.clock.advance(seconds: 120)
            #expect(try await fixture.store.settleDue() == 1)
            _ = try await fixture.store.reverse(usage: usage, quantity: 1, reason: "other", in: fixture.shop, key: .fresh(), by: .commandLine)
            #expect(try await fixture.store.verify().problem == nil)
            fixture.clock.advance(seconds: 2 * 86_400)
            let remaining: Int64 = try await fixture.one(
                "SELECT remaining FROM counters_at(\(fixture.shop)::bigint, ARRAY[\(ticket)::bigint], \(fixture.clock.now)::timestamptz)")
            #expect(remaining == 0)
        }
    }

    @Test("every kind of tampering is found, and the row is named", arguments: Tampering.all)
    func tampering(_ tampering: Tampering) async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            let other = try await fixture.addTicket(fixture.addCustomer("Jan Kowalski", email: "jan@example.pl"))
            for each in [ticket, other] {
                try await fixture.entitle(each, order: each.rawValue, credits: 10)
                let usage = try await fixture.spend(each, "email", 3)
                _ = try await fixture.store.reverse(usage: usage, quantity: 1, reason: "other", in: fixture.shop, key: .fresh(), by: .commandLine)
                _ = try await fixture.store.placeHold(ticket: each, channel: "email", quantity: 2, in: fixture.shop, key: .fresh(), by: .commandLine)
            }
            try await fixture.store.foldAll()
            #expect(try await fixture.store.verify().problem == nil)
            try await fixture.pool.read { try $0.executeScript(tampering.script(ticket: other)) }
            let problem = try #require(try await fixture.store.verify().problem)
            #expect(problem.table == tampering.table)
            #expect(problem.key.contains(tampering.key(ticket: other)), "\(problem)")
            #expect(problem.rule.contains(tampering.rule), "\(problem)")
            #expect(problem.found != problem.expected)
        }
    }

    @Test("a writer beside it is never taken for an error")
    func besideAWriter() async throws {
        try await LedgerFixture.with(connectionsMax: 6) { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 10_000)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask { for _ in 0..<25 { try await fixture.spend(ticket) } }
                }
                for _ in 0..<5 { #expect(try await fixture.store.verify().problem == nil) }
                try await group.waitForAll()
            }
            #expect(try await fixture.store.verify().figures.entries == 101)
        }
    }

    @Test("300,000 entries are proven a thousand tickets at a time")
    func large() async throws {
        try await LedgerFixture.with { fixture in
            try await fixture.fillWithUsages(tickets: 3_000, each: 99)
            let steps = Mutex<[VerifyFigures]>([])
            let report = try await fixture.store.verify { figures in steps.withLock { $0.append(figures) } }
            #expect(report.problem == nil)
            #expect(report.figures.entries == 300_000)
            #expect(report.figures.tickets == 3_000)
            let tickets = steps.withLock { $0.map(\.tickets) }
            #expect(zip([0] + tickets, tickets).allSatisfy { $1 - $0 <= Store.verifyTicketsMax })
        }
    }
}
