import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("Reversal, transfer")
struct ReversalTests {
    @Test("a usage is given back in parts, and never more than it took, however many ask at once")
    func parts() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let usage = try await shop.use(ticket, "email", 3)
            #expect(try await shop.reverse(usage, 1).status == 201)
            #expect(try TestShop.outcome(try await shop.reverse(usage, 3)) == "reversal-exceeds-usage")
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<20 { group.addTask { try await shop.reverse(usage, 1) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter(\.isSuccess).count == 2)
            #expect(try TestShop.outcome(try await shop.reverse(usage)) == "reversal-exceeds-usage")
            #expect(try await shop.counter(ticket) == Counter(granted: 5))
            #expect(try TestShop.outcome(try await shop.reverse(EntryID(1))) == "unknown-usage")
        }
    }

    @Test("what comes back to a revoked grant is revoked, and the shortfall shrinks with it")
    func revoked() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let usage = try await shop.use(ticket, "email", 3)
            shop.clock.advance(seconds: 1)
            try await shop.take([TestShop.order(id: 53, status: "refunded", at: shop.clock.now)])
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 3, revoked: 2, shortfall: 3))
            #expect(try await shop.reverse(usage, 2).status == 201)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1, revoked: 4, shortfall: 1))
            shop.clock.advance(seconds: 1)
            try await shop.take([TestShop.order(id: 53, at: shop.clock.now)])
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1))
        }
    }

    @Test("what comes back to an expired grant expires, and stays expired when its order is refunded")
    func expired() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let usage = try await shop.use(ticket, "email", 2)
            shop.clock.advance(seconds: 100 * 86_400)
            #expect(try await shop.reverse(usage, 1).status == 201)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1, expired: 4))
            try await shop.take([TestShop.order(id: 53, status: "refunded", at: shop.clock.now)])
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1, expired: 4, shortfall: 1))
        }
    }

    @Test("a transfer keeps value, expiry and order line, and answers to its order from then on")
    func transfer() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let from = try await shop.ticket(order: 53)
            shop.clock.advance(seconds: 60)
            let to = try await shop.ticket(order: 54)
            _ = try await shop.use(to, "email", 5)
            #expect(try await shop.transfer(2, from: from, to: to).status == 201)
            #expect(try await shop.counter(from) == Counter(granted: 5, revoked: 2))
            #expect(try await shop.counter(to) == Counter(granted: 7, used: 5))
            let (out, into) = (try await shop.entries(from, .transferOut), try await shop.entries(to, .transferIn))
            #expect(out.first?.slices.map(\.value) == into.first?.slices.map(\.value) && into.first?.corrects == out.first?.id)
            #expect((out.first?.slices.first?.value ?? 0) > 0)

            try await shop.take([TestShop.order(id: 53, status: "refunded", at: shop.clock.now)])
            #expect(try await shop.counter(to) == Counter(granted: 7, used: 5, revoked: 2))
            #expect(try await shop.counter(from) == Counter(granted: 5, revoked: 5))
            shop.clock.advance(seconds: 60)
            try await shop.take([TestShop.order(id: 53, at: shop.clock.now)])
            #expect(try await shop.counter(to) == Counter(granted: 7, used: 5))
            shop.clock.advance(seconds: 100 * 86_400)
            #expect(try await shop.counter(to) == Counter(granted: 7, used: 5, expired: 2))
        }
    }

    @Test("a transfer goes to another ticket of the same customer only, and is of what is there")
    func transferRefused() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(order: 53)
            let stranger = try await shop.ticket(order: 54, email: "someone@example.test")
            let video = try await shop.ticket(order: 55, productID: 13)
            #expect(try TestShop.outcome(try await shop.transfer(1, from: ticket, to: stranger)) == "transfer-to-other-customer")
            #expect(try TestShop.outcome(try await shop.transfer(1, from: ticket, to: ticket)) == "same-ticket")
            #expect(try TestShop.outcome(try await shop.transfer(1, from: ticket, to: TicketID(7))) == "unknown-ticket")
            #expect(try TestShop.outcome(try await shop.transfer(6, from: ticket, to: video)) == "insufficient-credits")
            #expect(try await shop.counter(video, .email) == nil)
        }
    }

    @Test("a correction stands beside what a refund takes back, and is not undone by it")
    func adjustedThenRefunded() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(quantity: 2)
            shop.clock.advance(seconds: 60)
            var order = TestShop.order(id: 53, quantity: 2, at: shop.clock.now)
            order.lines[0].quantity = try #require(Quantity(1))
            try await shop.take([order])
            #expect(try await shop.adjust(ticket, -4).status == 201)
            shop.clock.advance(seconds: 60)
            order.modifiedAt = shop.clock.now
            order.billingName = "Ana N."
            try await shop.take([order])
            #expect(try await shop.counter(ticket) == Counter(granted: 10, revoked: 9))
        }
    }
}
