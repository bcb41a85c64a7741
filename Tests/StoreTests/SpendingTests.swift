import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite struct SpendingTests {
    @Test("a paid order becomes a ticket with its credits, once, and a credit is spent from it, once")
    func orderToSpend() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            #expect(try await shop.counter(ticket) == Counter(granted: 5))
            try await shop.take([TestShop.order(id: 53, at: shop.clock.now)])
            #expect(try await shop.store.tickets(in: shop.id).items.count == 1)

            let first = try await shop.spend(ticket, key: "k1")
            #expect(first.status == 201)
            #expect(first.body.contains(#""balance_after":4"#))
            let again = try await shop.spend(ticket, key: "k1")
            #expect(again.isReplayed && again.body == first.body)
            #expect(try await shop.spend(ticket, "email", 2, key: "k1").status == 422)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1))
        }
    }

    @Test("of 200 parallel spenders of one credit, one succeeds and 199 are told why not")
    func lastCredit() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            #expect(try await shop.spend(ticket, "email", 4).status == 201)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<200 { group.addTask { try await shop.spend(ticket) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            let refused = answers.filter { $0.status == 402 }
            #expect(refused.count == 199)
            #expect(refused.allSatisfy { $0.body.contains("insufficient-credits") && $0.body.contains(#""remaining":0"#) })
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 5))
        }
    }

    @Test("one key from 50 tasks makes one entry and 50 equal answers")
    func oneKey() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<50 { group.addTask { try await shop.spend(ticket, key: "same") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.body)).count == 1)
            #expect(answers.filter { !$0.isReplayed }.count == 1)
            let entries = try await shop.store.entries(of: ticket, in: shop.id)
            #expect(entries?.items.filter { $0.kind == .usage }.count == 1)
        }
    }

    @Test("a usage over several grants lists each slice with its value, and the slices sum to the line")
    func slices() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, plans: [TestShop.flexPlan])
            var first = TestShop.order(id: 1, at: shop.clock.now)
            first.lines[0].variationID = 19
            var second = TestShop.order(id: 2, at: shop.clock.now.addingTimeInterval(5))
            second.lines[0].variationID = 20
            try await shop.take([first, second])
            let tickets = try await shop.store.tickets(in: shop.id).items
            #expect(tickets.count == 1)
            let ticket = try #require(tickets.first)
            #expect(ticket.orders.count == 2)
            for _ in 0..<3 { _ = try await shop.spend(ticket.number, "email", 3) }
            let spanning = try await shop.spend(ticket.number, "email", 3)
            #expect(spanning.status == 201)
            let entries = try #require(try await shop.store.entries(of: ticket.number, in: shop.id)).items.filter { $0.kind == .usage }
            #expect(entries.last?.slices.map(\.quantity) == [1, 2])
            let slicesOfFirst = entries.flatMap(\.slices).filter { $0.grant == entries.first?.slices.first?.grant }
            #expect(slicesOfFirst.map(\.value).reduce(0, +) == 4900)
        }
    }
}
