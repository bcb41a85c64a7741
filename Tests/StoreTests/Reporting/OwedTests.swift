import Domain
import Foundation
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Store

@Suite("what is owed at an instant is the same from totals and from grants")
struct OwedTests {
    private static func instant(_ text: String) throws -> Date { try #require(Timestamp.parse(text)) }

    /// The grants' rows, the ledger's totals and the spans ahead say the same.
    private func agree(_ shop: TestShop, at instants: [Date], _ when: String) async throws {
        let settings = try await shop.shop()
        let rolled = try await shop.store.rollForward(of: settings, ReportFilter())
        #expect(rolled.allSatisfy { $0.credits.difference == 0 && $0.money.difference == 0 }, "\(when), rolled forward")
        for instant in instants {
            let sums = Mutex([Int64](repeating: 0, count: 2))
            try await shop.store.liability(of: settings, at: instant, ReportFilter()) { rows in
                for row in rows { sums.withLock { $0 = [$0[0] + row.credits, $0[1] + row.deferred] } }
            }
            let rows = sums.withLock { $0 }
            let totals = try await shop.store.liabilityTotals(of: settings, at: instant, ReportFilter())
            let ahead = try await shop.store.owedAhead(of: settings, at: instant, ReportFilter(), ends: [30, 60, 90])
            #expect([totals.reduce(0) { $0 + $1.credits }, totals.reduce(0) { $0 + $1.deferred }] == rows, "\(when), totals at \(instant)")
            #expect([ahead.reduce(0) { $0 + $1.credits }, ahead.reduce(0) { $0 + $1.deferred }] == rows, "\(when), ahead at \(instant)")
            if instant == shop.clock.now {
                #expect([rolled.reduce(0) { $0 + $1.credits.closing }, rolled.reduce(0) { $0 + $1.money.closing }] == rows, "\(when), rolled forward")
            }
        }
    }

    @Test("in a zone where the first hour of a month comes twice, and one where the first hour of a day never comes", arguments: [
        ("America/Havana", ["2026-10-20T12:00:00Z", "2026-11-01T04:30:00Z", "2026-11-01T05:30:00Z", "2026-11-09T12:00:00Z"]),
        ("Africa/Cairo", ["2026-04-01T12:00:00Z", "2026-04-23T22:30:00Z", "2026-04-24T00:30:00Z", "2026-05-09T12:00:00Z"]),
    ])
    func clocks(zone: String, at times: [String]) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await test.store.pool.transaction { try $0.execute("UPDATE shop SET time_zone = \(zone)") }
            let times = try times.map(Self.instant)
            shop.clock.set(times[0])
            let ticket = try await shop.ticket()
            for time in times.dropFirst() {
                shop.clock.set(time)
                #expect(try await shop.spend(ticket).isSuccess)
            }
            shop.clock.set(times[3].addingTimeInterval(30 * 86_400))
            var instants = times.flatMap { [$0.addingTimeInterval(-0.000_001), $0, $0.addingTimeInterval(900)] } + [shop.clock.now]
            for day in stride(from: -10.0, through: 40, by: 5) { instants.append(times[1].addingTimeInterval(day * 86_400)) }
            let clocks = try await shop.shop().zone
            for day in [times[1], times[3]].map(clocks.day) {
                let first = clocks.firstInstant(of: day.adding(days: 1 - day.day))
                instants += [first.addingTimeInterval(-0.000_001), first]
            }
            try await agree(shop, at: instants, "not folded")
            try await shop.store.foldAll()
            try await agree(shop, at: instants, "folded")
        }
    }

    @Test("who used credits on a day whose first hour never comes is proposed for that day")
    func agents() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await test.store.pool.transaction { try $0.execute("UPDATE shop SET time_zone = 'Africa/Cairo'") }
            shop.clock.set(try Self.instant("2026-04-01T12:00:00Z"))
            let ticket = try await shop.ticket()
            shop.clock.set(try Self.instant("2026-04-24T09:00:00Z"))
            #expect(try await shop.spend(ticket).isSuccess)
            try await shop.store.foldAll()
            let settings = try await shop.shop()
            let day = settings.zone.day(of: shop.clock.now)
            let filter = ReportFilter(since: settings.zone.firstInstant(of: day), until: settings.zone.firstInstant(of: day.adding(days: 1)))
            #expect(try await shop.store.usageAgents(of: settings, filter, limit: 10).count == 1)
        }
    }

    @Test("a shop that moves to another zone has its months there at once, before anything is folded anew")
    func anotherZone() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            shop.clock.set(try Self.instant("2026-02-10T12:00:00Z"))
            let ticket = try await shop.ticket()
            shop.clock.set(try Self.instant("2026-03-01T02:00:00Z"))
            #expect(try await shop.spend(ticket).isSuccess)
            shop.clock.set(try Self.instant("2026-05-01T12:00:00Z"))
            try await shop.store.foldAll()
            #expect(try await months(shop, shop.shop()) == ["2026-03": 1])
            _ = try await test.store.pool.transaction { try $0.execute("UPDATE shop SET time_zone = 'America/New_York'") }
            let moved = try await shop.shop()
            for isFolded in [false, true] {
                if isFolded { try await shop.store.foldAll() }
                #expect(try await months(shop, moved) == ["2026-02": 1], "folded: \(isFolded)")
                #expect(try await shop.store.verify().problem == nil)
                try await agree(shop, at: [shop.clock.now], "folded: \(isFolded)")
            }
        }
    }

    /// Credits used by month, of each month asked for by itself and of all in one.
    private func months(_ shop: TestShop, _ settings: Shop) async throws -> [String: Int64] {
        let all = Mutex<[String: Int64]>([:])
        for (from, through) in [(2, 2), (3, 3), (4, 4), (1, 4)] {
            let since = settings.zone.firstInstant(of: try #require(CivilDay(year: 2026, month: from, day: 1)))
            let until = settings.zone.firstInstant(of: try #require(CivilDay(year: 2026, month: through + 1, day: 1)))
            let before = all.withLock { $0 }
            let found = Mutex<[String: Int64]>([:])
            try await shop.store.usageReport(of: settings, ReportFilter(since: since, until: until), by: [.month]) { rows in
                for row in rows { found.withLock { $0["\(row.month.map { String($0.description.prefix(7)) } ?? "")"] = row.credits } }
            }
            if from == through { all.withLock { $0.merge(found.withLock { $0 }) { $1 } } } else { #expect(found.withLock { $0 } == before) }
        }
        return all.withLock { $0 }
    }

    /// A database that the file has not seen yet, with rows that are folded, rows that are seen and rows that are new; and a fold of that time which
    /// waits for the migration to be done.
    @Test("totals that come with a migration are those of the ledger, though a fold of the older program waits for it", arguments: [22, 23])
    func migration(version: Int) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            shop.clock.set(try Self.instant("2026-03-20T12:00:00Z"))
            let first = shop.clock.now
            let ticket = try await shop.ticket()
            #expect(try await shop.spend(ticket).isSuccess)
            try await shop.store.foldAll()
            shop.clock.set(try Self.instant("2026-04-20T12:00:00Z"))
            #expect(try await shop.spend(ticket, "sms", 2).isSuccess)
            _ = try await shop.store.foldLedger()           // sees it, and folds it the next time
            try await before(version, test)
            let older = try await test.store.pool.read { try $0.queryOne("SELECT seen_through > folded_through FROM ledger_fold") { try $0.next(Bool.self) } }
            #expect(older == true)

            let files = SchemaFile.all.filter { $0.version >= version }.map(\.text).joined()
            let mayGoOn = Mutex(false)
            let migration = Task {
                try await test.store.pool.transaction { connection in
                    try connection.executeScript("LOCK TABLE ledger_fold")
                    while !mayGoOn.withLock({ $0 }) { try connection.execute("SELECT pg_sleep(0.05)") }
                    try connection.executeScript(files)
                }
            }
            let locks: SQL = """
                SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
                 WHERE a.datname = current_database() AND l.relation = 'ledger_fold'::regclass AND l.mode = 'AccessExclusiveLock' AND l.granted
                """
            while try await count(test, locks) == 0 { await Task.yield() }
            let waiting = Task { try await shop.store.foldLedger() }
            let waits: SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%fold_ledger%'"
            while try await count(test, waits) == 0 { await Task.yield() }
            mayGoOn.withLock { $0 = true }
            try await migration.value
            _ = await waiting.result                        // it folds nothing, or says that it does not find a column

            let instants = [first, first.addingTimeInterval(12 * 86_400), shop.clock.now.addingTimeInterval(-1), shop.clock.now]
            try await agree(shop, at: instants, "migrated")
            try await shop.store.foldAll()
            try await agree(shop, at: instants, "folded since")
        }
    }

    private func count(_ test: TestStore, _ query: SQL) async throws -> Int {
        try await test.store.pool.read { try $0.queryOne(query) { try $0.next(Int.self) } } ?? 0
    }

    /// Takes everything from that file on back, down to the fold of the file before.
    private func before(_ version: Int, _ test: TestStore) async throws {
        func function(_ name: String, of file: String) throws -> String {
            let text = try #require(SchemaFile.all.first { $0.name == file }).text
            let start = try #require(text.range(of: "FUNCTION \(name)("))
            let end = try #require(text.range(of: "END $$;", range: start.lowerBound..<text.endIndex))
            return "CREATE OR REPLACE \(text[start.lowerBound..<end.upperBound])"
        }
        var script = """
            DROP TRIGGER shop_zone ON shop; DROP FUNCTION grants_moved, count_grants, owed_by_grants, used_total, forget_totals, shop_zone_changed;
            DROP TABLE grant_counted, grant_total, usage_month; ALTER TABLE ledger_fold RENAME COLUMN seen_by TO seen_before;
            """
        script += try function("usage_total", of: "0020_totals.sql") + function("fold_ledger", of: "0022_owed.sql")
        if version == 22 {
            script += try "DROP FUNCTION owed_total; DROP VIEW ledger_net; DROP TABLE owed_month;" + function("fold_ledger", of: "0020_totals.sql")
        }
        try await test.store.pool.transaction { [script] in try $0.executeScript(script) }
    }
}
