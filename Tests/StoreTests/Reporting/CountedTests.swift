import Domain
import Foundation
import Postgres
import Synchronization
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
                    WITH told AS (SELECT o.currency, o.plan_id, o.channel, sum(o.credits), sum(o.deferred) FROM owed_by_grants(\(fixture.shop)::bigint) o
                                   GROUP BY 1, 2, 3 HAVING sum(o.credits) <> 0 OR sum(o.deferred) <> 0),
                    found AS (SELECT g.currency, g.plan_id, g.channel, sum(g.remaining + g.held), sum(g.value_minor - g.value_taken) FROM credit_grant g
                               GROUP BY 1, 2, 3 HAVING sum(g.remaining + g.held) <> 0 OR sum(g.value_minor - g.value_taken) <> 0)
                    SELECT NOT EXISTS ((TABLE told EXCEPT TABLE found) UNION ALL (TABLE found EXCEPT TABLE told))
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

    @Test("the first entry of all is folded too, though an empty ledger was folded before it")
    func firstEntry() async throws {
        try await LedgerFixture.with { fixture in
            for _ in 0..<3 { _ = try await fixture.store.foldLedger() }
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 10)
            try await fixture.store.foldAll()
            let sold: Int64 = try await fixture.one("SELECT coalesce(sum(sold), 0)::bigint FROM ledger_day")
            #expect(sold == 10)
            #expect(try await fixture.store.verify().problem == nil)
        }
    }

    @Test("what is written by whoever began before a look and ends after it is folded, and once")
    func openWriter() async throws {
        try await LedgerFixture.with(connectionsMax: 6) { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 10)
            try await fixture.store.foldAll()
            // Each writer stands before its end while somebody else has the lock, its entry written and not seen.
            try await fixture.pool.read { connection in
                try connection.executeScript(
                    """
                    CREATE FUNCTION stand() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(41); RETURN NULL; END';
                    CREATE CONSTRAINT TRIGGER stand AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION stand()
                    """)
            }
            let locks = Mutex((isHeld: false, mayGo: false))
            let holder = Task {
                try await fixture.pool.transaction(readOnly: true) { connection in
                    try connection.execute("SELECT pg_advisory_xact_lock(41)")
                    locks.withLock { $0.isHeld = true }
                    while !locks.withLock({ $0.mayGo }) { try connection.execute("SELECT pg_sleep(0.02)") }
                }
            }
            while !locks.withLock({ $0.isHeld }) { await Task.yield() }
            let spending = Task { try await fixture.spend(ticket) }
            let stands: SQL = """
                SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
                                WHERE d.datname = current_database() AND l.locktype = 'advisory' AND NOT l.granted)
                """
            while try await !(fixture.one(stands) as Bool) { await Task.yield() }
            for _ in 0..<3 { _ = try await fixture.store.foldLedger() }
            locks.withLock { $0.mayGo = true }
            try await holder.value
            _ = try await spending.value
            try await fixture.store.foldAll()
            #expect(try await fixture.store.verify().problem == nil)
            let used: Int64 = try await fixture.one("SELECT sum(used)::bigint FROM ledger_day")
            #expect(used == 1)
        }
    }
}
