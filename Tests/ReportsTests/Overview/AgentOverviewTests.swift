import Domain
import Foundation
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("finance's figures of one agent")
struct AgentOverviewTests {
    private static let ana = Caller.user("ana@example.test", role: .lead)
    private static let phone = Caller.token("Phone system", scopes: [.usageWrite])

    /// Two customers, two plans, two currencies and two months; two who use credits, and one who only gives goodwill.
    private func with(_ body: (TestShop, Shop, _ customer: CustomerID) async throws -> Void) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            shop.clock.set(Date(timeIntervalSince1970: 1_775_600_000)) // 7 April 2026
            let start = try await shop.ticket()
            var yen = TestShop.order(id: 54, productID: 12, email: "bor@example.test", at: shop.clock.now)
            yen.currency = try #require(Currency("JPY"))
            yen.lines[0].total = Money(minorUnits: 4_900, currency: yen.currency)
            yen.lines[0].totalTax = .zero(yen.currency)
            yen.total = Money(minorUnits: 5_978, currency: yen.currency)
            try await shop.take([yen])
            let pro = try #require(try await shop.store.tickets(TicketFilter(order: yen.id), in: shop.id).items.first).number
            _ = try await shop.spend(start, "email", 2, by: Self.ana)
            _ = try await shop.spend(start, "sms", 1, by: Self.phone)
            _ = try await shop.spend(pro, "email", 4, by: Self.ana)
            shop.clock.set(Date(timeIntervalSince1970: 1_778_200_000)) // 8 May 2026
            let taken = try await shop.spend(start, "email", 3, by: Self.ana).entryID()
            _ = try await shop.spend(start, "video", 1, by: Self.ana)
            _ = try await shop.spend(pro, "sms", 2, by: Self.ana)
            _ = try await shop.spend(pro, "sms", 5, by: Self.phone)
            _ = try await shop.store.reverse(usage: taken, quantity: 1, reason: "other", note: "n", in: shop.id, key: .fresh(), by: Self.ana)
            _ = try await shop.store.adjust(
                ticket: start, channel: "email", quantity: 2, reason: "goodwill", note: "n", in: shop.id, key: .fresh(),
                by: .user("goran@example.test", role: .admin))
            let customer = try #require(try await shop.store.customer(ofTicket: start, in: shop.id))
            try await body(shop, try await shop.shop(), customer)
        }
    }

    private static let euro = Currency("EUR")

    private func question(_ from: (Int, Int, Int) = (2026, 4, 1)) throws -> FinanceOverview.Question {
        FinanceOverview.Question(
            from: try #require(CivilDay(year: from.0, month: from.1, day: from.2)), through: try #require(CivilDay(year: 2026, month: 5, day: 31)))
    }

    @Test("his contacts, credits and value are those of `usage --agent`, whatever else is chosen")
    func equal() async throws {
        try await with { shop, settings, customer in
            var questions = [try question(), try question((2026, 5, 1)), try question((2026, 4, 8))]
            for change in [
                { $0.plan = "Podpora PRO" }, { $0.channel = .email }, { $0.customer = customer }, { $0.currency = Currency("JPY") },
                { ($0.customer, $0.channel, $0.plan) = (customer, .email, "Podpora START") },
            ] as [(inout FinanceOverview.Question) -> Void] {
                var asked = try question()
                change(&asked)
                questions.append(asked)
            }
            for question in questions {
                for agent in ["ana@example.test", "Phone system", "goran@example.test", "nobody"] {
                    let overview = try await AgentOverview.load(shop.store, shop: settings, agent: agent, question)
                    let filter = ReportFilter(
                        since: settings.zone.firstInstant(of: question.from), until: settings.zone.firstInstant(of: question.through.adding(days: 1)),
                        plan: question.plan, channel: question.channel, customer: question.customer, agent: agent, currency: overview.currency)
                    let found = Mutex<[UsageRow]>([])
                    try await shop.store.usageReport(of: settings, filter, by: [.month, .channel]) { rows in found.withLock { $0 += rows } }
                    let rows = found.withLock { $0 }
                    let expected = rows.map { "\($0.month?.description ?? "") \($0.channel?.rawValue ?? "") \($0.contacts) \($0.credits) \($0.value)" }
                    #expect(overview.lines.map { "\($0.month) \($0.channel) \($0.contacts) \($0.credits) \($0.value)" } == expected, "\(agent), \(question)")
                    #expect(overview.contacts == rows.reduce(0) { $0 + $1.contacts } && overview.credits == rows.reduce(0) { $0 + $1.credits })
                    #expect(overview.value == rows.reduce(0) { $0 + $1.value } && overview.isEmpty == rows.isEmpty)
                    #expect(overview.isKnown == (agent != "nobody"))
                    // The chart's months end with the period; those of the whole of it have its figures.
                    #expect(overview.months.count == FinanceOverview.monthsShown && overview.months.last?.start.description == "2026-05-01")
                    if question.from.day == 1 {
                        let shown = overview.months.filter { $0.start >= question.from }.flatMap(\.usedCredits).reduce(0, +)
                        #expect(shown == overview.credits, "\(agent), \(question)")
                    }
                }
            }
        }
    }

    @Test("amounts are of one currency: the shop's where there is anything in it, else the first; the others can be chosen")
    func currencies() async throws {
        try await with { shop, settings, _ in
            var asked = try question()
            let ana = try await AgentOverview.load(shop.store, shop: settings, agent: "ana@example.test", asked)
            #expect(ana.currency.code == "EUR" && ana.currencies.map(\.code) == ["EUR", "JPY"] && ana.credits == 5 && ana.contacts == 3)
            #expect(ana.channels == settings.channels && ana.months.suffix(2).map(\.usedCredits) == [[2, 0, 0], [2, 0, 1]])
            asked.plan = "Podpora PRO"
            let pro = try await AgentOverview.load(shop.store, shop: settings, agent: "ana@example.test", asked)
            #expect(pro.currency.code == "JPY" && pro.currencies.map(\.code) == ["JPY"] && pro.credits == 6)
        }
    }

    @Test("who used credits in the period is proposed by name, no more than asked for; who gave goodwill, or did so in another period or shop, is not")
    func names() async throws {
        try await with { shop, settings, _ in
            let other = try await TestShop.add(to: shop.test, slug: "other")
            _ = try await other.spend(try await other.ticket(order: 9), "email", 1, by: .user("other@example.test", role: .agent))
            #expect(try await shop.store.usageAgents(of: settings, ReportFilter(), limit: 10) == ["Phone system", "ana@example.test"])
            #expect(try await shop.store.usageAgents(of: settings, ReportFilter(), limit: 1) == ["Phone system"])
            // Also when some of it is in the totals: folding follows behind the writers, in two looks.
            try await shop.store.foldAll()
            _ = try await shop.spend(try await shop.ticket(order: 60), "email", 1, by: .user("late@example.test", role: .agent))
            #expect(try await shop.store.usageAgents(of: settings, ReportFilter(), limit: 10) == ["Phone system", "ana@example.test", "late@example.test"])
            let june = ReportFilter(since: settings.zone.firstInstant(of: try #require(CivilDay(year: 2026, month: 6, day: 1))))
            #expect(try await shop.store.usageAgents(of: settings, june, limit: 10) == [])
            for (name, isKnown) in [("ana@example.test", true), ("goran@example.test", true), ("other@example.test", false), ("", false)] {
                #expect(try await shop.store.knowsAgent(name, in: shop.id) == isKnown, "\(name)")
            }
        }
    }
}
