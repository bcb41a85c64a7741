import Domain
import Foundation
import Reports
import Store
import TestSupport
import Testing

/// A small ledger that is the same every time, ids and instants too: two months of three customers and three currencies with something of everything.
struct GoldenLedger {
    let shop: TestShop

    static let formats: [(format: ReportFormat, ending: String)] = [(.csv, "csv"), (.excelCSV, "excel.csv"), (.jsonLines, "jsonl"), (.xlsx, "xlsx")]

    static func with(_ body: (GoldenLedger) async throws -> Void) async throws {
        try await TestStore.with { test in
            let ledger = GoldenLedger(shop: try await TestShop.add(to: test))
            try await ledger.live()
            try await body(ledger)
        }
    }

    /// Each report as finance asks for it: by the quarter, the roll-forward of April, what is owed when April ends.
    func table(_ report: FinanceReport) async throws -> ReportTable {
        let settings = try await shop.shop()
        var words = FinanceReportWords()
        words.period = "2026-Q2"
        switch report {
        case .rollForward: words.period = "2026-04"
        case .liability: (words.period, words.at) = (nil, "2026-04-30")
        case .usage: words.by = "month,plan,channel,customer,agent,category"
        case .statement: words.customer = try await shop.store.customer(ofTicket: TicketID(1001), in: shop.id)
        case .revenue, .orders, .callsAvoided: words.period = "2026"
        }
        return try report.table(shop.store, shop: settings, words: words).get()
    }

    func entries() async throws -> EntriesReport { EntriesReport(shop.store, shop: try await shop.shop()) }

    /// All reports, the ledger too.
    func tables() async throws -> [ReportTable] {
        var tables: [ReportTable] = []
        for report in FinanceReport.allCases { tables.append(try await table(report)) }
        return tables + [try await entries().table()]
    }

    /// 10:00 in Ljubljana.
    private func day(_ month: Int, _ day: Int) throws -> Date {
        let zone = ShopZone(identifier: "Europe/Ljubljana")
        return try #require(zone).firstInstant(of: try #require(CivilDay(year: 2026, month: month, day: day))).addingTimeInterval(10 * 3_600)
    }

    private func order(_ id: Int64, _ product: Int64, _ instant: Date, quantity: Int64 = 1, email: String = "ana@example.test", total: Int64? = nil, _ code: String = "EUR") throws -> ShopOrder {
        var order = TestShop.order(id: id, quantity: quantity, productID: product, email: email, at: instant)
        order.currency = try #require(Currency(code))
        order.lines[0].total = Money(minorUnits: total ?? order.lines[0].total.minorUnits, currency: order.currency)
        order.lines[0].totalTax = .zero(order.currency)
        order.total = Money(minorUnits: order.lines[0].total.minorUnits * 122 / 100, currency: order.currency)
        return order
    }

    private func refunded(_ order: ShopOrder, _ refunds: [(net: Int64, quantity: Int64)], at instant: Date) -> ShopOrder {
        var order = order
        order.refunds = refunds.enumerated().map { index, refund in
            let net = Money(minorUnits: refund.net, currency: order.currency)
            let part = RefundLine(orderLineID: order.lines[0].id, quantity: Quantity(refund.quantity) ?? .zero, total: net)
            return OrderRefund(id: Int64(index + 1), amount: Money(minorUnits: refund.net * 122 / 100, currency: order.currency), lines: [part])
        }
        order.modifiedAt = instant
        return order
    }

    private func live() async throws {
        let (store, id) = (shop.store, shop.id)
        let ana = Caller.user("ana.agent@example.test", role: .lead)
        shop.clock.set(try day(3, 2))
        var change = ShopChange()
        change.premiumCallMinor = 199
        _ = try await store.setShop(id, change, by: .commandLine).get()
        // 49.00 EUR of START: 16.33, 5.45 and 27.22; 4,900 JPY of PRO; 12.345 KWD at a discount.
        let start = try order(53, 11, try day(3, 2))
        let pro = try order(54, 12, try day(3, 2), email: "bor@example.test", "JPY")
        let video = try order(55, 13, try day(3, 3), quantity: 2, email: "cene@example.test", total: 12_345, "KWD")
        var unpaid = try order(56, 11, try day(3, 3), email: "dana@example.test")
        (unpaid.status, unpaid.paidAt) = ("on-hold", nil)
        try await shop.take([start, pro, video, unpaid])
        let (first, second, third) = (TicketID(1001), TicketID(1002), TicketID(1003))
        shop.clock.set(try day(3, 10))
        let used = try await shop.spend(first, "email", 2, by: ana).entryID()
        _ = try await shop.spend(second, "email", 7)
        shop.clock.set(try day(4, 3))
        try await shop.take([refunded(start, [(1_000, 0)], at: try day(4, 2))])       // by amount: the unused are worth less
        _ = try await store.reverse(usage: used, quantity: 1, reason: "other", note: "one too many", in: id, key: .fresh(), by: ana)
        _ = try await shop.spend(first, "sms", 3, by: ana)
        _ = try await store.adjust(ticket: first, channel: "email", quantity: 3, reason: "goodwill", note: "=sorry", in: id, key: .fresh(), by: .commandLine)
        _ = try await shop.spend(first, "email", 6, by: ana)                          // over two grants: one contact
        shop.clock.set(try day(4, 10))
        try await shop.take([refunded(video, [(6_172, 1)], at: try day(4, 9))])       // one of two, by quantity
        let held = try await store.placeHold(ticket: second, channel: "video", quantity: 2, in: id, key: .fresh(), by: ana)
        _ = try await store.capture(hold: try held.holdID(), quantity: 1, in: id, key: .fresh(), by: ana)
        _ = try await store.adjust(ticket: second, channel: "sms", quantity: -5, reason: "correction", note: "n", in: id, key: .fresh(), by: .commandLine)
        let back = try await shop.spend(third, "video", 1).entryID()
        _ = try await store.reverse(usage: back, reason: "other", note: "n", in: id, key: .fresh(), by: .commandLine) // wholly: no contact
        try await shop.take([try order(57, 12, try day(4, 10), total: 20_000), try order(58, 99, try day(4, 11))])      // a second ticket; no plan
        _ = try await store.transfer(from: TicketID(1004), to: first, channel: "email", quantity: 4, reason: "other", note: "n", in: id, key: .fresh(), by: ana)
        shop.clock.set(try day(5, 4))
        try await shop.take([refunded(pro, [(5_000, 0)], at: try day(5, 3))])         // more than was paid for what is unused
        try await store.pool.transaction { connection in
            _ = try connection.execute("UPDATE ticket SET tags = '{delivery,vip}' WHERE ticket_id = 1001")
        }
        shop.clock.set(try day(7, 1))                                                 // START is past its 90 days
        try await store.settleForReport()
    }
}
