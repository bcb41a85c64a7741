import Domain
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Store

@Suite("what the grants owe is counted whenever they move")
struct CountedTests {
    @Test("the totals are the grants', whatever was done and however far the ledger is folded", arguments: 1...6)
    func totals(seed: Int) async throws {
        try await LedgerFixture.with(pooling: seed.isMultiple(of: 2)) { fixture in
            let work = RandomWork(fixture: fixture, seed: UInt64(900 + seed))
            try await work.run(steps: 5)
            var generator = SplitMix64(seed: UInt64(seed))
            let shop = try #require(try await fixture.store.shop(fixture.shop))
            for step in 0..<30 {
                try await work.goOn(steps: 5)
                if Bool.random(using: &generator) { _ = try await fixture.store.foldLedger(limit: Int64.random(in: 1...60, using: &generator)) }
                // One statement, so one moment.
                let isEqual: Bool = try await fixture.one(
                    """
                    SELECT NOT EXISTS (
                        (SELECT o.currency, o.plan_id, o.channel, sum(o.credits), sum(o.deferred) FROM owed_by_grants(\(fixture.shop)::bigint) o
                          GROUP BY 1, 2, 3 HAVING sum(o.credits) <> 0 OR sum(o.deferred) <> 0)
                        EXCEPT
                        SELECT g.currency, g.plan_id, g.channel, sum(g.remaining + g.held), sum(g.value_minor - g.value_taken) FROM credit_grant g GROUP BY 1, 2, 3)
                       AND (SELECT sum(o.credits) FROM owed_by_grants(\(fixture.shop)::bigint) o) = (SELECT sum(g.remaining + g.held) FROM credit_grant g)
                    """)
                #expect(isEqual, "seed \(seed), step \(step)")
                if step.isMultiple(of: 10) { #expect(try await fixture.store.verify().problem == nil, "seed \(seed), step \(step)") }
            }
            try await fixture.store.foldAll()
            #expect(try await fixture.store.verify().problem == nil)
            let counted: Bool = try await fixture.one("SELECT count(*) = (SELECT count(*) FROM credit_grant) FROM grant_counted")
            #expect(counted)
            let rolled = try await fixture.store.rollForward(of: shop, ReportFilter())
            #expect(!rolled.isEmpty && rolled.allSatisfy { $0.credits.difference == 0 && $0.money.difference == 0 })
        }
    }

    @Test("a grant that was changed behind the ledger's back is a difference as soon as it moves again")
    func difference() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 10)
            let shop = try #require(try await fixture.store.shop(fixture.shop))
            func differences() async throws -> [Int64] {
                try await fixture.store.rollForward(of: shop, ReportFilter()).map(\.credits.difference)
            }
            for isFolded in [false, true] {
                #expect(try await differences() == [0])
                _ = try await fixture.pool.transaction { try $0.execute("UPDATE credit_grant SET granted = granted + 1") }
                try await fixture.spend(ticket)
                if isFolded { try await fixture.store.foldAll() }
                #expect(try await differences() == [-1])
                _ = try await fixture.pool.transaction { try $0.execute("UPDATE credit_grant SET granted = granted - 1") }
                try await fixture.spend(ticket)
            }
        }
    }
}
