import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("P8: time is true at read")
struct TimeTests {
    @Test("credits stop counting at their very instant, though no sweeper has run")
    func expires() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let expiry = try await expiry(of: ticket, shop)
            shop.clock.set(expiry.addingTimeInterval(-0.000_001))
            #expect(try await shop.counter(ticket) == Counter(granted: 5))
            _ = try await shop.use(ticket)
            shop.clock.set(expiry)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1, expired: 4))
            #expect(try await shop.entries(ticket, .expiry).isEmpty)
            #expect(try TestShop.outcome(try await shop.spend(ticket)) == "insufficient-credits")
            shop.clock.advance(seconds: 3_600)
            while try await shop.store.settleDue() > 0 {}
            let written = try await shop.entries(ticket, .expiry)
            #expect(written.count == 3)
            #expect(written.allSatisfy { Timestamp.text($0.effectiveAt) == Timestamp.text(expiry) && $0.recordedAt >= expiry })
        }
    }

    @Test("a hold stops holding at its deadline, though no sweeper has run, and can then neither be captured nor released")
    func lapses() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let hold = try await shop.hold(ticket, "email", 3, seconds: 60)
            shop.clock.advance(seconds: 59.999_999)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, held: 3))
            shop.clock.advance(seconds: 0.000_001)
            #expect(try await shop.counter(ticket) == Counter(granted: 5))
            #expect(try TestShop.outcome(try await shop.capture(hold)) == "hold-already-ended")
            #expect(try TestShop.outcome(try await shop.release(hold)) == "hold-already-ended")
            #expect(try await shop.use(ticket, "email", 5).rawValue > 0)
            #expect(try await shop.entries(ticket, .lapse).map { Timestamp.text($0.effectiveAt) } == [Timestamp.text(shop.clock.now)])
        }
    }

    @Test("a balance as of an instant is what was true then: past, now and to come")
    func asOf() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let start = shop.clock.now
            let ticket = try await shop.ticket()
            let customer = try #require(try await shop.store.customer(ofTicket: ticket, in: shop.id))
            shop.clock.advance(seconds: 100)
            _ = try await shop.use(ticket, "email", 2)
            shop.clock.advance(seconds: 100)
            _ = try await shop.hold(ticket, "email", 1, seconds: 50)
            let expiry = try await expiry(of: ticket, shop)
            shop.clock.advance(seconds: 100)
            func email(_ at: Date?) async throws -> Counter? {
                try await shop.store.balance(of: customer, in: shop.id, at: at)?.counters[.email]
            }
            #expect(try await email(start.addingTimeInterval(-1)) == nil)
            #expect(try await email(start.addingTimeInterval(99)) == Counter(granted: 5))
            #expect(try await email(start.addingTimeInterval(100)) == Counter(granted: 5, used: 2))
            #expect(try await email(start.addingTimeInterval(249)) == Counter(granted: 5, used: 2, held: 1))
            #expect(try await email(start.addingTimeInterval(250)) == Counter(granted: 5, used: 2))
            #expect(try await email(nil) == Counter(granted: 5, used: 2))
            #expect(try await email(expiry) == Counter(granted: 5, used: 2, expired: 3))
            shop.clock.set(expiry.addingTimeInterval(1_000))
            #expect(try await email(expiry.addingTimeInterval(-1)) == Counter(granted: 5, used: 2))
            #expect(try await email(expiry) == Counter(granted: 5, used: 2, expired: 3))
        }
    }

    @Test("a usage's own time is kept beside the moment it was booked, and does not decide anything")
    func occurredAt() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let before = shop.clock.now.addingTimeInterval(-86_400)
            shop.clock.advance(seconds: 10)
            let usage = Usage(ticket: ticket, channel: "email", quantity: 1, occurredAt: before)
            #expect(try await shop.store.spend(usage, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            let entry = try #require(try await shop.entries(ticket, .usage).first)
            #expect(entry.occurredAt.map(Timestamp.text) == Timestamp.text(before))
            #expect(Timestamp.text(entry.effectiveAt) == Timestamp.text(shop.clock.now))
        }
    }

    private func expiry(of ticket: TicketID, _ shop: TestShop) async throws -> Date {
        let zone = try await shop.shop().zone
        return try #require(Validity.expiry(start: shop.clock.now, validDays: 90, zone: zone))
    }
}
