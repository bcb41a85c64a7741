import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("Pooling")
struct PoolingTests {
    @Test("what the ticket lacks, the customer's others lend: on their own counters, naming the ticket it was spent for")
    func lending() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            let (ticket, lender) = (try await shop.ticket(order: 1), try await shop.ticket(order: 2))
            _ = try await shop.ticket(order: 3, email: "stranger@example.test")
            #expect(try await shop.store.ticket(ticket, in: shop.id)?.pool[.email] == 5)
            let refused = try HistoryAnswer.read(try await shop.spend(ticket, "email", 11))
            #expect(refused.outcome == "insufficient-credits, 5 left and 5 in the pool")
            let usage = try await shop.use(ticket, "email", 7)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 5))
            #expect(try await shop.counter(lender) == Counter(granted: 5, used: 2))
            #expect(try await shop.entries(lender, .usage).map(\.forTicket) == [ticket])
            #expect(try await shop.reverse(usage, 3).status == 201)
            #expect(try await shop.counter(lender) == Counter(granted: 5))
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 4))
        }
    }

    @Test("a hold that lies on lenders is extended, lapses and names its ticket")
    func holding() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            let (ticket, lender) = (try await shop.ticket(order: 1, productID: 13), try await shop.ticket(order: 2))
            let hold = try await shop.hold(ticket, "email", 2, seconds: 60)
            #expect(try await shop.store.extend(hold: hold, expiresInSeconds: 120, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            shop.clock.advance(seconds: 120)
            #expect(try await shop.counter(lender) == Counter(granted: 5))
            _ = try await shop.use(lender)
            #expect(try await shop.entries(lender, .lapse).map(\.forTicket) == [ticket])
        }
    }

    @Test("without pooling nobody lends")
    func alone() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(order: 1)
            _ = try await shop.ticket(order: 2)
            #expect(try HistoryAnswer.read(try await shop.spend(ticket, "email", 6)).outcome == "insufficient-credits, 5 left and 0 in the pool")
        }
    }
}
