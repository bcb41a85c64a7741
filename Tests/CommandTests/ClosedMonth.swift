import Domain
import Foundation
import Store
import TestSupport
import Testing

/// A month of some time ago with something of everything in it, and what comes after.
struct ClosedMonth {
    let shop: TestShop
    /// Three months before this one, so that the next is over too.
    let first: CivilDay
    private let zone: ShopZone
    var name: String { String(first.description.prefix(7)) }
    var next: String { String(first.adding(days: 31).description.prefix(7)) }

    init(shop: TestShop, now: Date = Date()) async throws {
        (self.shop, zone) = (shop, try await shop.shop().zone)
        let today = zone.day(of: now)
        let months = today.year * 12 + today.month - 1 - 3
        first = try #require(CivilDay(year: months / 12, month: months % 12 + 1, day: 1))
    }

    private func instant(day: Int, hour: Double = 10) -> Date { zone.firstInstant(of: first.adding(days: day - 1)).addingTimeInterval(hour * 3_600) }

    private func order(_ id: Int64, _ product: Int64, day: Int, quantity: Int64 = 1, email: String = "ana@example.test", currency: String = "EUR") throws -> ShopOrder {
        var order = TestShop.order(id: id, quantity: quantity, productID: product, email: email, at: instant(day: day))
        order.currency = try #require(Currency(currency))
        order.lines[0].total = Money(minorUnits: order.lines[0].total.minorUnits, currency: order.currency)
        order.lines[0].totalTax = .zero(order.currency)
        order.total = Money(minorUnits: order.total.minorUnits, currency: order.currency)
        return order
    }

    private func orders() throws -> [ShopOrder] {
        var unpaid = try order(56, 13, day: 4)
        (unpaid.status, unpaid.paidAt) = ("on-hold", nil)
        return [
            try order(53, 11, day: 3), try order(54, 12, day: 3, email: "bor@example.test", currency: "JPY"), try order(55, 11, day: 4, quantity: 2), unpaid,
            try order(57, 99, day: 4), // no plan is of this product yet
        ]
    }

    func ticket(_ order: Int64) async throws -> TicketID { try #require(try await shop.store.tickets(TicketFilter(order: OrderID(order)), in: shop.id).items.first).number }
    func customer() async throws -> CustomerID { try #require(try await shop.store.customer(ofTicket: try await ticket(53), in: shop.id)) }

    /// The month itself.
    func live() async throws {
        shop.clock.set(instant(day: 5))
        var change = ShopChange()
        change.premiumCallMinor = 199
        change.journal = accounts("2900", "7600", "Brez DDV")
        _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
        try await shop.take(try orders())
        let (ana, bor) = (try await ticket(53), try await ticket(54))
        shop.clock.set(instant(day: 9))
        let agent = Caller.user("ana.agent@example.test", role: .lead)
        let usage = try await shop.spend(ana, "email", 3, by: agent).entryID()
        _ = try await shop.spend(bor, "sms", 4, by: agent)
        _ = try await shop.spend(bor, "video", 1)
        _ = try await shop.store.reverse(usage: usage, quantity: 1, reason: "other", note: "one too many", in: shop.id, key: .fresh(), by: agent)
        let held = try await shop.store.placeHold(ticket: bor, channel: "email", quantity: 2, in: shop.id, key: .fresh(), by: agent)
        _ = try await shop.store.capture(hold: try held.holdID(), quantity: 1, in: shop.id, key: .fresh(), by: agent)
        _ = try await shop.store.adjust(ticket: ana, channel: "email", quantity: 2, reason: "goodwill", note: "sorry", in: shop.id, key: .fresh(), by: .commandLine)
        _ = try await shop.store.adjust(ticket: bor, channel: "sms", quantity: -1, reason: "correction", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
        shop.clock.set(instant(day: 15))
        try await shop.take([try refunded(try order(54, 12, day: 3, email: "bor@example.test", currency: "JPY"), 700, at: instant(day: 14))])
        try await tag(ana, ["delivery", "vip"])
    }

    /// All that may come afterwards, now.
    func goOn() async throws {
        shop.clock.set(Date())
        let (ana, bor) = (try await ticket(53), try await ticket(54))
        try await shop.take([try refunded(try order(53, 11, day: 3), 1_000, at: instant(day: 20))])  // late
        try await shop.take(try orders())                                                            // replays: older than what is known
        var cancelled = try order(55, 11, day: 4, quantity: 2)
        (cancelled.status, cancelled.modifiedAt) = ("cancelled", instant(day: 25))
        try await shop.take([cancelled, try order(58, 11, day: 6, email: "cene@example.test"), try order(59, 13, day: 6, currency: "KWD")])
        try await plans()
        try await shop.take([try order(57, 99, day: 4)])
        _ = try await shop.spend(bor, "email", 2)
        let usages = try #require(try await shop.store.entries(of: bor, in: shop.id)).items.filter { $0.kind == .usage }
        _ = try await shop.store.reverse(usage: try #require(usages.first).id, reason: "other", note: "late", in: shop.id, key: .fresh(), by: .commandLine)
        _ = try await shop.store.adjust(ticket: ana, channel: "sms", quantity: 1, reason: "goodwill", note: "late", in: shop.id, key: .fresh(), by: .commandLine)
        var change = ShopChange()
        change.premiumCallMinor = 299
        change.journal = accounts("2999", "7699", "DDV 22 %")
        _ = try await shop.store.setShop(shop.id, change, by: .commandLine).get()
        try await changeNames("Ana Novak")
        try await shop.store.settleForReport()
    }

    /// Customers, staff and tags are called otherwise from now on.
    func changeNames(_ name: String) async throws {
        let tags = [name.lowercased()]
        try await shop.store.pool.transaction { connection in
            try connection.execute("UPDATE customer SET name = \(name)")
            try connection.execute("UPDATE staff SET name = \(name)")
            try connection.execute("UPDATE ticket SET tags = \(tags)::text[]")
        }
    }

    private func accounts(_ liability: String, _ usageRevenue: String, _ taxRate: String) -> JournalSettings {
        var settings = JournalSettings()
        (settings.liability, settings.usageRevenue, settings.taxRate) = (liability, usageRevenue, taxRate)
        return settings
    }

    private func tag(_ ticket: TicketID, _ tags: [String]) async throws {
        try await shop.store.pool.transaction { connection in
            _ = try connection.execute("UPDATE ticket SET tags = \(tags)::text[] WHERE ticket_id = \(ticket.rawValue)::bigint")
        }
    }

    private func refunded(_ order: ShopOrder, _ net: Int64, at instant: Date) throws -> ShopOrder {
        var order = order
        let back = Money(minorUnits: net, currency: order.currency)
        order.refunds = [OrderRefund(id: 1, amount: back, lines: [RefundLine(orderLineID: order.lines[0].id, quantity: .zero, total: back)])]
        order.modifiedAt = instant
        return order
    }

    /// New versions of the plans with other credits and prices, and a new plan that matches what nothing matched.
    private func plans() async throws {
        var (start, pro) = (TestShop.startPlan, TestShop.proPlan)
        start.credits = TestShop.counts([.email: 50, .sms: 1])
        start.prices = [.email: 100, .sms: 900]
        pro.credits = TestShop.counts([.email: 1])
        let fresh = Plan(
            id: PlanID(0), shop: ShopID(0), name: "Podpora NOVA", match: PlanMatch(productIDs: [99]), credits: TestShop.counts([.email: 3]), validDays: 30)
        _ = try await shop.store.importPlans([start, pro, fresh].map { PlanDraft(shop: "demo", path: "plans", plan: $0) }, by: .commandLine).get()
    }
}
