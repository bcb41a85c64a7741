import Domain
import Foundation
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("a closed month stays what it was")
struct PeriodTests {
    private static let month = CivilDay(year: 2026, month: 3, day: 1)
    private static let finance = Caller.user("fin@example.test", role: .finance)

    /// An order of March with two e-mails used, and the clock in April.
    private func sold(_ shop: TestShop) async throws -> TicketID {
        shop.clock.set(Date(timeIntervalSince1970: 1_773_000_000)) // 8 March 2026
        let ticket = try await shop.ticket()
        _ = try await shop.spend(ticket, "email", 2)
        shop.clock.advance(seconds: 30 * 86_400)
        return ticket
    }

    private func files(_ shop: TestShop) async throws -> [String] {
        let settings = try await shop.shop()
        var words = FinanceReportWords()
        words.period = "2026-03"
        var files: [String] = []
        for report in [FinanceReport.rollForward, .usage, .revenue] {
            let bytes = Mutex<[UInt8]>([])
            _ = try await report.table(shop.store, shop: settings, words: words).get().stream(as: .csv) { piece in bytes.withLock { $0 += piece } }
            files.append(String(decoding: bytes.withLock { $0 }, as: UTF8.self))
        }
        let entries = EntriesReport(shop.store, shop: settings, period: try ReportPeriod.parse(from: "2026-03", through: "2026-03").get())
        files.append(try await entries.text(as: .jsonLines))
        return files
    }

    @Test("late refunds, imports and expiries change no byte of it: they take effect at the first open instant, with their own beside it")
    func late() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await sold(shop)
            let month = try #require(Self.month)
            let before = try await files(shop)
            let closed = try await shop.store.closePeriod(month, note: "checked", in: try await shop.shop(), by: Self.finance).get()
            #expect(closed.isClosed)
            #expect(try await files(shop) == before)

            var order = TestShop.order(id: 53, at: Date(timeIntervalSince1970: 1_773_000_000))
            order.modifiedAt = Date(timeIntervalSince1970: 1_773_100_000)
            let back = Money(minorUnits: 1_000, currency: order.currency)
            order.refunds = [OrderRefund(id: 1, amount: back, lines: [RefundLine(orderLineID: LineID(530), quantity: .zero, total: back)])]
            try await shop.take([order, TestShop.order(id: 54, at: Date(timeIntervalSince1970: 1_773_050_000))])
            #expect(try await files(shop) == before)

            let late = try await shop.store.pool.read { connection in
                try connection.query(
                    """
                    SELECT effective_at, occurred_at FROM revaluation UNION ALL SELECT effective_at, occurred_at FROM entry WHERE order_id = 54
                    """
                ) { row in [Timestamp.text(try row.next()), try row.next(Date?.self).map(Timestamp.text) ?? "none"] }
            }
            let first = Timestamp.text(closed.endsAt)
            #expect(late.count == 6 && late.allSatisfy { $0[0] == first && $0[1] < first })
            #expect(try await shop.store.verify().problem == nil)
            #expect(try await shop.spend(ticket).status == 201)
            shop.clock.advance(seconds: 200 * 86_400)
            try await shop.store.settleForReport()
            #expect(try await files(shop) == before)
        }
    }

    @Test("the database refuses what is dated into it, for everybody")
    func refused() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await sold(shop)
            _ = try await shop.store.closePeriod(try #require(Self.month), note: "checked", in: try await shop.shop(), by: Self.finance).get()
            for table in ["entry", "revaluation"] {
                let error = await #expect(throws: PostgresError.self) {
                    try await test.database.pool.read { connection in
                        try connection.executeScript(
                            table == "entry"
                                ? "INSERT INTO entry SELECT shop_id, nextval('entry_entry_id_seq'), ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id, now(), effective_at FROM entry LIMIT 1"
                                : "INSERT INTO revaluation SELECT shop_id, nextval('entry_entry_id_seq'), ticket_id, channel, NULL, 1, 1, 'EUR', 1, 1, 0, 0, now(), effective_at FROM entry LIMIT 1")
                    }
                }
                #expect(error.flatMap { DatabaseRule($0) } == .entryPeriodOpen)
            }
        }
    }

    @Test("a closed month keeps its tags and names through every change, a reopened one shows them as they are, and those before it stay")
    func kept() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await sold(shop)
            func call(_ name: String) async throws {
                try await shop.store.pool.transaction { connection in
                    _ = try connection.execute("UPDATE ticket SET tags = ARRAY[\(name)]")
                    _ = try connection.execute("UPDATE customer SET name = \(name)")
                }
            }
            func shown(_ period: String) async throws -> [String] {
                var words = FinanceReportWords()
                (words.period, words.by) = (period, "customer,category")
                let table = try FinanceReport.usage.table(shop.store, shop: try await shop.shop(), words: words).get()
                let bytes = Mutex<[UInt8]>([])
                _ = try await table.stream(as: .csv) { piece in bytes.withLock { $0 += piece } }
                return CSVReader.rows(String(decoding: bytes.withLock { $0 }, as: UTF8.self)).dropFirst().flatMap { Array($0[1...2]) }
            }
            let march = try #require(Self.month)
            try await call("first")
            _ = try await shop.store.closePeriod(march, note: "n", in: try await shop.shop(), by: Self.finance).get()
            try await call("second")
            _ = try await shop.spend(ticket)                       // in April
            shop.clock.advance(seconds: 30 * 86_400)
            let april = march.adding(days: 31)
            _ = try await shop.store.closePeriod(april, note: "n", in: try await shop.shop(), by: Self.finance).get()
            for name in ["third", "fourth"] { try await call(name) }
            #expect(try await shown("2026-03") == ["first", "first"])
            #expect(try await shown("2026-04") == ["second", "second"])
            _ = try await shop.store.reopenPeriod(april, note: "n", in: try await shop.shop(), by: .user("boss@example.test", role: .admin)).get()
            #expect(try await shown("2026-03") == ["first", "first"])
            #expect(try await shown("2026-04") == ["fourth", "fourth"])
            let customer = try #require(try await shop.store.customer(ofTicket: ticket, in: shop.id))
            _ = try await shop.store.eraseCustomer(customer, in: shop.id, by: .commandLine).get()
            #expect(try await shown("2026-03") == ["", ""])
        }
    }

    @Test("orders of a closed month stay as they were; one that is seen late belongs to the first open day, until the month is opened again")
    func orders() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await sold(shop)
            func listed(_ period: String) async throws -> [[String]] {
                var words = FinanceReportWords()
                words.period = period
                let bytes = Mutex<[UInt8]>([])
                let table = try FinanceReport.orders.table(shop.store, shop: try await shop.shop(), words: words).get()
                _ = try await table.stream(as: .csv) { piece in bytes.withLock { $0 += piece } }
                return CSVReader.rows(String(decoding: bytes.withLock { $0 }, as: UTF8.self)).dropFirst().map { [$0[0], $0[4], $0[8]] }
            }
            let month = try #require(Self.month)
            _ = try await shop.store.closePeriod(month, note: "n", in: try await shop.shop(), by: Self.finance).get()
            var order = TestShop.order(id: 53, at: Date(timeIntervalSince1970: 1_773_000_000))
            (order.status, order.modifiedAt) = ("cancelled", shop.clock.now)
            try await shop.take([order, TestShop.order(id: 54, at: Date(timeIntervalSince1970: 1_773_050_000))])
            #expect(try await listed("2026-03") == [["53", "processing", "0.00"]])
            #expect(try await listed("2026-04") == [["54", "processing", "0.00"]])
            // A period that is open in part shows things as they are now.
            #expect(try await listed("2026").map { Array($0[0...1]) } == [["53", "cancelled"], ["54", "processing"]])
            _ = try await shop.store.reopenPeriod(month, note: "n", in: try await shop.shop(), by: .user("boss@example.test", role: .admin)).get()
            #expect(try await listed("2026-03").map { Array($0[0...1]) } == [["53", "cancelled"], ["54", "processing"]])
        }
    }

    @Test("the zone of a shop stays as long as its months are closed in it")
    func zone() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await sold(shop)
            let month = try #require(Self.month)
            var change = ShopChange()
            change.timeZone = "Europe/Warsaw"
            _ = try await shop.store.closePeriod(month, note: "n", in: try await shop.shop(), by: Self.finance).get()
            guard case .failure(let refusal) = try await shop.store.setShop(shop.id, change, by: .commandLine) else { Issue.record("not refused"); return }
            #expect(refusal.field == "time-zone")
            change.timeZone = "Europe/Ljubljana"
            _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
            _ = try await shop.store.reopenPeriod(month, note: "n", in: try await shop.shop(), by: .user("boss@example.test", role: .admin)).get()
            change.timeZone = "Europe/Warsaw"
            _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
        }
    }

    @Test("finance closes, an admin reopens; both leave their word; a month that is not over is refused")
    func rights() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await sold(shop)
            let (settings, month) = (try await shop.shop(), try #require(Self.month))
            func slug<Success>(_ result: Result<Success, Refusal>) -> String { if case .failure(let refusal) = result { refusal.field ?? "\(refusal.type)" } else { "done" } }
            #expect(slug(try await shop.store.closePeriod(month, note: "", in: settings, by: Self.finance)) == "note")
            #expect(slug(try await shop.store.closePeriod(month.adding(days: 31), note: "n", in: settings, by: Self.finance)) == "month")
            #expect(slug(try await shop.store.closePeriod(month, note: "n", in: settings, by: .user("a@example.test", role: .agent))).contains("not-permitted"))
            #expect(slug(try await shop.store.closePeriod(month, note: "n", in: settings, by: Self.finance)) == "done")
            #expect(slug(try await shop.store.closePeriod(month, note: "n", in: settings, by: Self.finance)).contains("already-there"))
            #expect(slug(try await shop.store.reopenPeriod(month, note: "n", in: settings, by: Self.finance)).contains("not-permitted"))
            #expect(slug(try await shop.store.reopenPeriod(month, note: "forgot one", in: settings, by: .user("boss@example.test", role: .admin))) == "done")
            let told = try #require(try await shop.store.periods(of: shop.id).first)
            #expect(told.closedBy == "fin@example.test" && told.reopenedBy == "boss@example.test" && told.reopenNote == "forgot one" && !told.isClosed)
            let audits = try await shop.store.pool.read { try $0.query("SELECT action FROM audit WHERE action LIKE 'period.%' ORDER BY audit_id") { try $0.next(String.self) } }
            #expect(audits == ["period.close", "period.reopen"])
            #expect(slug(try await shop.store.closePeriod(month, note: "again", in: settings, by: Self.finance)) == "done")
        }
    }
}
