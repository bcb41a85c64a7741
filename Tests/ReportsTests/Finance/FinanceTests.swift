import Domain
import Foundation
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("finance's reports tie to the cent")
struct FinanceTests {
    private struct Fold: Decodable {
        let liability: [[String: [Int64]]]
        let rollforward: [[String: [Int64]]]
        let problems: [String]
        let lines: [String: [Int64]]
    }

    @Test("a generated year: every footing is zero, every line's money is where it belongs, and an independent fold in Python says the same")
    func year() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            var year = GeneratedYear(shop, seed: 20)
            try await year.live(orders: GeneratedYear.ordersAsked)
            try await test.store.settleForReport()
            #expect(try await test.store.verify().problem == nil)
            let settings = try await shop.shop()
            let unfolded = try await test.store.rollForward(of: settings, ReportFilter())
            // Half the ledger is in the totals by day, the rest is not: nobody may see it.
            // The first call notes how far the ledger goes; it is folded once no older transaction runs on the whole server, so it is asked again.
            var left = try await test.store.foldLedger(limit: 300)
            while left == 0 { left = try await test.store.foldLedger(limit: 300) }
            #expect(try await test.store.rollForward(of: settings, ReportFilter()) == unfolded)
            var random = YearRandom(seed: 7)
            let seconds = shop.clock.now.timeIntervalSince(year.firstInstant)
            let instants = (0..<50).map { _ in Timestamp.rounded(year.firstInstant.addingTimeInterval(Double(random.upTo(1_000)) / 1_000 * seconds)) } + [shop.clock.now]
            let months = Self.months(from: year.firstInstant, through: shop.clock.now, zone: settings.zone)
            let fold = try await fold(settings, test.store, instants: instants, periods: months.map { (settings.zone.firstInstant(of: $0.0), settings.zone.firstInstant(of: $0.1)) })
            #expect(fold.problems == [])

            for (month, told) in zip(months, fold.rollforward) {
                let filter = ReportFilter(since: settings.zone.firstInstant(of: month.0), until: settings.zone.firstInstant(of: month.1))
                let rows = try await test.store.rollForward(of: settings, filter)
                var sums: [String: [Int64]] = [:]
                for row in rows {
                    #expect(row.credits.difference == 0 && row.money.difference == 0, "\(month.0) \(row)")
                    let figures = Self.figures(row.credits) + Self.figures(row.money)
                    sums["\(row.currency) \(row.channel)"] = zip(sums["\(row.currency) \(row.channel)"] ?? [Int64](repeating: 0, count: 14), figures).map { $0 + $1 }
                }
                let shown = sums.filter { $0.value.contains { $0 != 0 } }
                #expect(shown == told.filter { $0.value.contains { $0 != 0 } }, "\(month.0)")
            }
            for (instant, told) in zip(instants, fold.liability) {
                let sums = Mutex<[String: [Int64]]>([:])
                try await test.store.liability(of: settings, at: instant, ReportFilter()) { rows in
                    for row in rows {
                        #expect(row.deferred >= 0 || row.order != nil)
                        sums.withLock { sums in
                            sums[row.currency.code] = zip(sums[row.currency.code] ?? [0, 0], [row.credits, row.deferred]).map { $0 + $1 }
                        }
                    }
                }
                #expect(sums.withLock { $0.filter { $0.value != [0, 0] } } == told.filter { $0.value != [0, 0] }, "\(instant)")
            }
            let books = try await test.store.pool.read { connection in
                try connection.query(
                    """
                    SELECT v.order_id || '/' || v.line_id, sum(v.sold)::bigint, sum(v.refunded)::bigint,
                           (SELECT coalesce(sum(g.value_minor - g.value_taken), 0) FROM credit_grant g
                             WHERE g.shop_id = v.shop_id AND g.order_id = v.order_id AND g.line_id = v.line_id)::bigint
                      FROM line_value v GROUP BY v.shop_id, v.order_id, v.line_id
                    """
                ) { row in (try row.next(String.self), [try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self)]) }
            }
            #expect(books.count > GeneratedYear.ordersAsked / 2)
            for (line, figures) in books { #expect(fold.lines[line].map { [$0[0], $0[3], $0[4]] } == figures, "line \(line)") }
        }
    }

    @Test("every report is streamed in every form, and what is checked is zero", arguments: FinanceReport.allCases)
    func tables(report: FinanceReport) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            _ = try await shop.spend(ticket, "email", 2)
            let customer = try #require(try await shop.store.customer(ofTicket: ticket, in: shop.id))
            var change = ShopChange()
            change.premiumCallMinor = 199
            _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
            let settings = try await shop.shop()
            var words = FinanceReportWords()
            if report == .statement { words.customer = customer }
            let table = try report.table(test.store, shop: settings, words: words).get()
            for format in [ReportFormat.csv, .excelCSV, .jsonLines] {
                let bytes = Mutex<[UInt8]>([])
                let outcome = try await table.stream(as: format) { piece in bytes.withLock { $0 += piece } }
                #expect(outcome.rows > 0 && outcome.summary.isBalanced, "\(format)")
                #expect(bytes.withLock { $0.count } > 50)
            }
        }
    }

    @Test("journals balance, and their revenue is the report's")
    func journals() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            var year = GeneratedYear(shop, seed: 3)
            try await year.live(orders: 8)
            var words = FinanceReportWords()
            words.from = "2020-01"
            let settings = try await shop.shop()
            let journals = try await FinanceReport.journals(test.store, shop: settings, words: words).get()
            #expect(journals.count > 3)
            #expect(journals.allSatisfy { $0.difference == 0 && $0.number.utf8.count <= 21 })
            let rows = try await test.store.revenue(of: settings, ReportFilter())
            let revenue = rows.reduce(Int64(0)) { $0 + $1.revenue }
            let booked = journals.flatMap(\.lines).filter { $0.account.hasPrefix("Support revenue") }
                .reduce(Int64(0)) { $0 + ($1.side == .credit ? $1.minorUnits : -$1.minorUnits) }
            #expect(booked == revenue)
        }
    }

    @Test("words that are not right are refused with their field", arguments: [
        (FinanceReport.usage, "by", "month,colour"), (.liability, "period", "2026-05"), (.revenue, "period", "2026-13"), (.orders, "at", "2026-05-01"),
        (.revenue, "currency", "euro"), (.rollForward, "agent", "ana"), (.liability, "at", "yesterday"), (.usage, "period", "2026-W54"),
    ])
    func refused(report: FinanceReport, field: String, text: String) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            var words = FinanceReportWords()
            switch field {
            case "by": words.by = text
            case "period": words.period = text
            case "at": words.at = text
            case "agent": words.agent = text
            default: words.currency = text
            }
            guard case .failure(let refusal) = report.table(test.store, shop: try await shop.shop(), words: words) else { Issue.record("not refused"); return }
            #expect(refusal.field == field)
        }
    }

    private static func figures(_ part: RollForwardFigures) -> [Int64] {
        [part.opening, part.sold, part.used, part.expired, part.refunded, part.adjusted, part.closing]
    }

    private static func months(from first: Date, through last: Date, zone: ShopZone) -> [(CivilDay, CivilDay)] {
        var months: [(CivilDay, CivilDay)] = []
        let day = zone.day(of: first)
        var month = CivilDay(year: day.year, month: day.month, day: 1)
        while let begin = month, zone.firstInstant(of: begin) <= last {
            let next = begin.adding(days: 31)
            month = CivilDay(year: next.year, month: next.month, day: 1)
            if let month { months.append((begin, month)) }
        }
        return months
    }

    private func fold(_ shop: Shop, _ store: Store, instants: [Date], periods: [(Date, Date)]) async throws -> Fold {
        var told: Fold?
        try await SheetReaders.inFolder { folder in
            let bytes = Mutex<[UInt8]>([])
            _ = try await EntriesReport(store, shop: shop).stream(as: .jsonLines) { piece in bytes.withLock { $0 += piece } }
            try Data(bytes.withLock { $0 }).write(to: URL(fileURLWithPath: folder + "/entries.jsonl"))
            let asked: [String: Any] = ["instants": instants.map(Timestamp.text), "periods": periods.map { [Timestamp.text($0.0), Timestamp.text($0.1)] }]
            try JSONSerialization.data(withJSONObject: asked).write(to: URL(fileURLWithPath: folder + "/asked.json"))
            let run = try await SheetReaders.run("/usr/bin/python3", [SheetReaders.script("fold.py"), folder + "/entries.jsonl", folder + "/asked.json"])
            #expect(run.status == 0, "\(run.output.suffix(2_000))")
            told = try JSONDecoder().decode(Fold.self, from: Data(run.output.utf8))
        }
        return try #require(told)
    }
}
