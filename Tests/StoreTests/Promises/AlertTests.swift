import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("Alerts")
struct AlertTests {
    @Test("low and empty are told once per crossing; a reversal does not re-arm them, a top-up does")
    func crossing() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()                      // low at 2 e-mails
            _ = try await shop.use(ticket, "email", 2)
            #expect(try await shop.told("credits.low") == 0)
            _ = try await shop.use(ticket)
            #expect(try await shop.told("credits.low") == 1)
            let last = try await shop.use(ticket, "email", 2)
            #expect(try await lowAndEmpty(shop) == [1, 1])
            _ = try await shop.reverse(last)
            _ = try await shop.use(ticket, "email", 2)
            #expect(try await lowAndEmpty(shop) == [1, 1])
            _ = try await shop.adjust(ticket, 4)
            _ = try await shop.use(ticket, "email", 4)
            #expect(try await lowAndEmpty(shop) == [2, 2])
        }
    }

    @Test("many spenders at once cross the mark once")
    func atOnce() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 { group.addTask { _ = try await shop.spend(ticket) } }
                try await group.waitForAll()
            }
            #expect(try await lowAndEmpty(shop) == [1, 1])
        }
    }

    @Test("an order that is seen when its credits had expired already is told of to nobody")
    func quietImport() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            var order = TestShop.order(id: 53, at: shop.clock.now.addingTimeInterval(-200 * 86_400))
            order.modifiedAt = order.createdAt
            try await shop.take([order])
            #expect(try await lowAndEmpty(shop) == [0, 0])
            let ticket = try #require(try await shop.store.tickets(in: shop.id).items.first)
            #expect(ticket.counters[.email] == Counter(granted: 5, expired: 5))
        }
    }

    @Test("expiry notices come 30, 7 and 1 days before, each once, and not for what is used up")
    func expiring() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            _ = try await shop.use(ticket, "video")
            let expiry = try #require(Validity.expiry(start: shop.clock.now, validDays: 90, zone: try await shop.shop().zone))
            var told: [Int] = []
            for days in [31, 30, 29, 7, 6, 1, 0.5] {
                shop.clock.set(expiry.addingTimeInterval(-days * 86_400))
                for _ in 0..<2 { _ = try await shop.store.notifyExpiring() }
                told.append(try await shop.told("credits.expiring"))
            }
            #expect(told == [0, 2, 2, 4, 4, 6, 6])
        }
    }

    private func lowAndEmpty(_ shop: TestShop) async throws -> [Int] {
        [try await shop.told("credits.low"), try await shop.told("credits.empty")]
    }
}
