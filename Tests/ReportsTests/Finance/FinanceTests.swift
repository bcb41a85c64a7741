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
            var year = try await GeneratedYear(shop, seed: 3)
            try await year.live(orders: 12)
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
}
