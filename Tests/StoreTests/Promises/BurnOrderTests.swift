import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("P7: what is spent first")
struct BurnOrderTests {
    @Test("earliest expiry first and none last, then the oldest, then by id; one usage may span them all")
    func order() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()                      // 5 e-mails, 90 days
            let day = 86_400.0
            _ = try await shop.adjust(ticket, 1)                      // never expires
            shop.clock.advance(seconds: 1)
            _ = try await shop.adjust(ticket, 2)                      // never expires, younger
            _ = try await shop.adjust(ticket, 1, expiresAt: shop.clock.now.addingTimeInterval(2 * day))
            _ = try await shop.adjust(ticket, 1, expiresAt: shop.clock.now.addingTimeInterval(1 * day))
            _ = try await shop.use(ticket, "email", 10)
            let slices = try #require(try await shop.entries(ticket, .usage).first).slices
            let grants = slices.map(\.grant.rawValue)
            #expect(slices.map(\.quantity) == [1, 1, 5, 1, 2])
            #expect(grants == [grants.max(), grants.max().map { $0 - 1 }, grants.min(), grants.max().map { $0 - 3 }, grants.max().map { $0 - 2 }])
        }
    }

    @Test("a later top-up that expires earlier does not touch what was spent before")
    func topUp() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let usage = try await shop.use(ticket, "email", 2)
            _ = try await shop.adjust(ticket, 3, expiresAt: shop.clock.now.addingTimeInterval(60))
            #expect(try await shop.reverse(usage).status == 201)
            let entries = try await shop.entries(ticket)
            #expect(entries.first { $0.kind == .reversal }?.slices.map(\.grant) == entries.first { $0.kind == .usage }?.slices.map(\.grant))
        }
    }

    @Test("the values of a grant's slices sum to its value, however it is cut")
    func values() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(quantity: 3)
            var usages: [EntryID] = []
            for quantity in [1, 2, 3, 1] as [Int64] { usages.append(try await shop.use(ticket, "sms", quantity)) }
            for _ in 0..<2 { _ = try await shop.reverse(usages[2], 1) }
            #expect(try await shop.spend(ticket, "sms", 10).status == 201)
            let entries = try await shop.entries(ticket).filter { $0.channel == .sms }
            let taken = entries.filter { $0.kind == .usage }.flatMap(\.slices).reduce(0) { $0 + $1.value }
            let back = entries.filter { $0.kind == .reversal }.flatMap(\.slices).reduce(0) { $0 + $1.value }
            let granted = entries.filter { $0.kind == .grant }.flatMap(\.slices).reduce(0) { $0 + $1.value }
            #expect(taken - back == granted && granted > 0)
        }
    }
}
