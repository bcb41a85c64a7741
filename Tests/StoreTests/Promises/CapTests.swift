import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("Who may give how much")
struct CapTests {
    private let agent = Caller.user("agent@example.test", role: .agent)
    private let lead = Caller.user("lead@example.test", role: .lead)
    private let finance = Caller.user("finance@example.test", role: .finance)
    private let admin = Caller.user("admin@example.test", role: .admin)

    @Test("agents and finance give nothing, leads up to 20 credits a ticket and day in either direction, admins what they like")
    func roles() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let (ticket, other) = (try await shop.ticket(order: 1), try await shop.ticket(order: 2))
            #expect(try TestShop.outcome(try await shop.adjust(ticket, 1, by: agent)) == "not-permitted")
            #expect(try TestShop.outcome(try await shop.transfer(1, from: ticket, to: other, by: finance)) == "not-permitted")
            #expect(try TestShop.outcome(try await shop.adjust(ticket, 21, by: lead)) == "over-cap")
            #expect(try await shop.adjust(ticket, 15, by: lead).status == 201)
            #expect(try await shop.adjust(ticket, -3, "sms", by: lead).status == 201)
            #expect(try TestShop.outcome(try await shop.adjust(ticket, 3, by: lead)) == "over-cap")
            #expect(try await shop.adjust(ticket, 2, by: lead).status == 201)
            #expect(try await shop.adjust(other, 20, by: lead).status == 201)
            #expect(try await shop.adjust(ticket, 5_000, by: admin).status == 201)
        }
    }

    @Test("the cap counts transfers and what was given back of others' usages too; one's own are free")
    func everything() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let (ticket, other) = (try await shop.ticket(order: 1, quantity: 6), try await shop.ticket(order: 2))
            let own = try await shop.use(ticket, "email", 5, by: lead)
            let others = try await shop.use(ticket, "email", 10, by: agent)
            #expect(try await shop.reverse(own, by: lead).status == 201)
            #expect(try await shop.transfer(8, from: ticket, to: other, by: lead).status == 201)
            #expect(try await shop.reverse(others, 8, by: lead).status == 201)
            #expect(try await shop.adjust(ticket, 4, by: lead).status == 201)
            #expect(try TestShop.outcome(try await shop.reverse(others, 1, by: lead)) == "over-cap")
            #expect(try TestShop.outcome(try await shop.transfer(1, from: ticket, to: other, by: lead)) == "over-cap")
            #expect(try await shop.reverse(others, 1, by: admin).status == 201)
        }
    }

    @Test("agents give back their own usages and nobody else's")
    func own() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let own = try await shop.use(ticket, by: agent)
            let others = try await shop.use(ticket, by: Caller.user("other@example.test", role: .agent))
            #expect(try await shop.reverse(own, by: agent).status == 201)
            #expect(try TestShop.outcome(try await shop.reverse(others, by: agent)) == "not-permitted")
        }
    }

    @Test("what went back to lenders counts for the ticket that it was spent for")
    func pooled() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            let ticket = try await shop.ticket(order: 1)
            _ = try await shop.ticket(order: 2, quantity: 10)
            _ = try await shop.use(ticket, "email", 5)
            let lent = try await shop.use(ticket, "email", 30, by: agent)
            #expect(try await shop.reverse(lent, 15, by: lead).status == 201)
            #expect(try TestShop.outcome(try await shop.reverse(lent, 6, by: lead)) == "over-cap")
            #expect(try await shop.reverse(lent, 5, by: lead).status == 201)
        }
    }

    @Test("many at once stay within the cap, also over two channels")
    func atOnce() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let (ticket, other) = (try await shop.ticket(order: 1, quantity: 8), try await shop.ticket(order: 2))
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 0..<30 {
                    let channel = number.isMultiple(of: 2) ? "email" : "sms"
                    group.addTask {
                        try await number.isMultiple(of: 3)
                            ? shop.adjust(ticket, 2, channel, by: lead) : shop.transfer(2, channel, from: ticket, to: other, by: lead)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter(\.isSuccess).count == 10)
        }
    }

    @Test("the day turns at midnight of the shop's zone")
    func day() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let zone = try await shop.shop().zone
            let ticket = try await shop.ticket()
            let midnight = zone.firstInstant(of: zone.day(of: shop.clock.now).adding(days: 1))
            shop.clock.set(midnight.addingTimeInterval(-0.000_001))
            #expect(try await shop.adjust(ticket, 20, by: lead).status == 201)
            #expect(try TestShop.outcome(try await shop.adjust(ticket, 1, by: lead)) == "over-cap")
            shop.clock.set(midnight)
            #expect(try await shop.adjust(ticket, 20, by: lead).status == 201)
        }
    }
}
