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
        let entries = try EntriesReport.parse(shop.store, shop: settings, from: "2026-03", through: "2026-03").get()
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
