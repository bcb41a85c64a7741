import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("P5: what is kept with a key")
struct IdempotencyTests {
    @Test("a refusal by the ledger is kept: the same key is refused again after a top-up, a new one is not")
    func kept() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let refused = try await shop.spend(ticket, "email", 6, key: "k")
            #expect(refused.status == 402)
            _ = try await shop.adjust(ticket, 1)
            let again = try await shop.spend(ticket, "email", 6, key: "k")
            #expect(again.isReplayed && again.body == refused.body)
            #expect(try await shop.spend(ticket, "email", 6, key: "new").status == 201)
            #expect(try await shop.spend(TicketID(7), key: "nobody").status == 404)
            #expect(try await shop.spend(TicketID(7), key: "nobody").isReplayed)
        }
    }

    @Test("what was not right or not permitted is not kept: the key may be used again")
    func notKept() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            #expect(try await shop.spend(ticket, "fax", key: "k").status == 422)
            #expect(try await shop.spend(ticket, "email", 0, key: "k").status == 422)
            #expect(try await shop.spend(ticket, key: "k", by: .token("reader", scopes: [.balanceRead])).status == 403)
            let answer = try await shop.spend(ticket, key: "k")
            #expect(answer.status == 201 && !answer.isReplayed)
        }
    }

    @Test("a key belongs to the shop and to one request, over every route")
    func oneRequest() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            #expect(try await shop.spend(ticket, key: "k").status == 201)
            let hold = try await shop.store.placeHold(
                ticket: ticket, channel: "email", quantity: 1, in: shop.id, key: try shop.key("k"), by: .commandLine)
            #expect(try TestShop.outcome(hold) == "idempotency-key-reused")
            let other = try await TestShop.add(to: test, slug: "other")
            let there = try await other.ticket(order: 54)
            #expect(try await other.spend(there, key: "k").status == 201)
        }
    }

    @Test("an over-cap refusal is not kept, since tomorrow is another day")
    func overCap() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let lead = Caller.user("lead@example.test", role: .lead)
            _ = try await shop.adjust(ticket, 20, by: lead)
            func ask() async throws -> Answer {
                try await shop.store.adjust(
                    ticket: ticket, channel: "email", quantity: 1, reason: "goodwill", note: "n", in: shop.id, key: try shop.key("k"), by: lead)
            }
            #expect(try await ask().status == 403)
            shop.clock.advance(seconds: 86_400)
            #expect(try await ask().status == 201)
        }
    }
}
