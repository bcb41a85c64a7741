import Domain
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

@Suite("a contact is counted once")
struct ContactTests {
    private func contacts(_ shop: TestShop) async throws -> [Int64] {
        let rows = Mutex<[UsageRow]>([])
        try await shop.store.usageReport(of: try await shop.shop(), ReportFilter(), by: []) { chunk in rows.withLock { $0 += chunk } }
        let (all, credits) = rows.withLock { rows in (rows.reduce(0) { $0 + $1.contacts }, rows.reduce(0) { $0 + $1.credits }) }
        return [all, credits]
    }

    @Test("whatever it drew on: several grants, another ticket of the customer; and no more once all of it was given back, in whatever parts")
    func once() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            let ticket = try await shop.ticket()
            _ = try await shop.ticket(order: 54)
            _ = try await shop.store.adjust(
                ticket: ticket, channel: "email", quantity: 2, reason: "goodwill", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
            // 5 of the order, 2 of goodwill, 1 lent by the other ticket.
            let usage = try await shop.spend(ticket, "email", 8).entryID()
            #expect(try await contacts(shop) == [1, 8])
            for (quantity, left) in [(Int64(2), [Int64(1), 6]), (5, [1, 1]), (1, [0, 0])] {
                let answer = try await shop.store.reverse(
                    usage: usage, quantity: quantity, reason: "other", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
                #expect(answer.isSuccess)
                #expect(try await contacts(shop) == left)
            }
            _ = try await shop.spend(ticket, "email", 6)
            #expect(try await contacts(shop) == [1, 6])
        }
    }
}
