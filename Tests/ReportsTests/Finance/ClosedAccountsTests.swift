import Domain
import Foundation
import Reports
import Store
import TestSupport
import Testing

@Suite("accounts of journals")
struct ClosedAccountsTests {
    /// A shop with something sold in two months, the clock in the third; their first days.
    private static func prepared(_ test: TestStore) async throws -> (shop: TestShop, months: [CivilDay]) {
        let shop = try await TestShop.add(to: test)
        let zone = try await shop.shop().zone
        let today = zone.day(of: test.clock.now)
        let first = today.adding(days: 1 - today.day)
        let second = MonthRules.next(after: first)
        _ = try await shop.ticket(order: 1)
        test.clock.set(zone.firstInstant(of: second.adding(days: 3)))
        _ = try await shop.ticket(order: 2)
        test.clock.set(zone.firstInstant(of: MonthRules.next(after: second).adding(days: 3)))
        return (shop, [first, second])
    }

    private static func set(_ shop: TestShop, _ liability: String, taxRate: String? = nil) async throws {
        var change = ShopChange()
        var settings = JournalSettings()
        (settings.liability, settings.taxRate) = (liability, taxRate)
        change.journal = settings
        _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
    }

    /// What each month's journal books what is owed on, and its tax rate.
    private static func booked(_ shop: TestShop, instead: JournalSettings = JournalSettings()) async throws -> [String] {
        let journals = try await FinanceReport.journals(shop.store, shop: try await shop.shop(), words: FinanceReportWords(), instead: instead).get()
        return journals.map { "\($0.lines[1].account) \($0.taxRate)" }
    }

    @Test("a closed month keeps the accounts and the tax rate that it was closed with; an open one has today's, in one file too")
    func closed() async throws {
        try await TestStore.with { test in
            let (shop, months) = try await Self.prepared(test)
            #expect(try await Self.booked(shop) == ["Contract liability Tax Exempt", "Contract liability Tax Exempt"])
            try await Self.set(shop, "2900", taxRate: "Brez DDV")
            _ = try await shop.store.closePeriod(months[0], note: "n", in: try await shop.shop(), by: .commandLine).get()
            try await Self.set(shop, "2999")
            #expect(try await Self.booked(shop) == ["2900 Brez DDV", "2999 Brez DDV"])
            let files = try JournalFiles.files(
                try await FinanceReport.journals(shop.store, shop: try await shop.shop(), words: FinanceReportWords()).get(), as: .xero)
            let text = String(decoding: try #require(files.first).bytes, as: UTF8.self)
            #expect(files.count == 1 && text.contains(",2900,Brez DDV,") && text.contains(",2999,Brez DDV,"))
        }
    }

    @Test("a month that was closed with a later one has that one's; opened again it has today's; what the call names comes first")
    func reopened() async throws {
        try await TestStore.with { test in
            let (shop, months) = try await Self.prepared(test)
            try await Self.set(shop, "2900")
            _ = try await shop.store.closePeriod(months[1], note: "n", in: try await shop.shop(), by: .commandLine).get()
            try await Self.set(shop, "2999")
            #expect(try await Self.booked(shop) == ["2900 Tax Exempt", "2900 Tax Exempt"])
            var named = JournalSettings()
            named.taxRate = "Standard"
            #expect(try await Self.booked(shop, instead: named) == ["2900 Standard", "2900 Standard"])
            _ = try await shop.store.reopenPeriod(months[1], note: "n", in: try await shop.shop(), by: .commandLine).get()
            #expect(try await Self.booked(shop) == ["2999 Tax Exempt", "2999 Tax Exempt"])
        }
    }
}
