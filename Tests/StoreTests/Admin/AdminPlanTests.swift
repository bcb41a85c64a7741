import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite struct AdminPlanTests {
    private func draft(_ name: String, sku: String, email: Int64 = 1) -> PlanDraft {
        PlanDraft(
            shop: "demo", path: "plans[0]",
            plan: Plan(id: PlanID(0), shop: ShopID(0), name: name, match: PlanMatch(skus: [sku]), credits: TestShop.counts([.email: email])))
    }

    @Test("an imported plan binds the lines of orders, and its next version leaves bound lines alone")
    func versions() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, plans: [])
            _ = try await test.store.importPlans([draft("A", sku: "X", email: 3)], by: .commandLine).get()
            var order = TestShop.order(id: 1, at: shop.clock.now)
            order.lines[0].sku = "X"
            try await shop.take([order])
            let ticket = try #require(try await test.store.tickets(in: shop.id).items.first).number
            #expect(try await shop.counter(ticket) == Counter(granted: 3))
            let changed = try await test.store.importPlans([draft("A", sku: "X", email: 9)], by: .commandLine).get()
            #expect(changed.map(\.change) == [.changed] && changed[0].plan.version == 2)
            order.lines[0].quantity = Quantity(2) ?? .zero
            order.modifiedAt += 60
            try await shop.take([order])
            #expect(try await shop.counter(ticket)?.granted == 6)
        }
    }

    @Test("of two imports at once that claim the same product, one is refused")
    func race() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, plans: [])
            let results = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    let draft = draft("Plan \(number)", sku: "X")
                    group.addTask { await (try? test.store.importPlans([draft], by: .commandLine).get()) != nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(results == 1)
            #expect(try await test.store.plans(of: shop.id).count == 1)
        }
    }

    @Test("a refused import leaves nothing behind, and a retired plan no longer conflicts")
    func refused() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, plans: [])
            _ = try await test.store.importPlans([draft("A", sku: "X")], by: .commandLine).get()
            let both = [draft("B", sku: "Y"), draft("C", sku: "X")]
            let refused = try await test.store.importPlans(both, by: .commandLine)
            #expect(refused == .failure(PlanRefusal(path: "plans", expected: "the plans \"A\" and \"C\" both match SKU X; a line can be bound to one plan only")))
            #expect(try await test.store.plans(of: shop.id).map(\.name) == ["A"])
            _ = try await test.store.retirePlan(named: "A", in: shop.id, by: .commandLine).get()
            #expect(try await test.store.importPlans(both, by: .commandLine).get().count == 2)
        }
    }
}
