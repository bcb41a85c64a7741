import DemoShop
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// What is remembered of the times in which a shop could not be read.
@Suite struct FeedOutageTests {
    @Test("a shop that was down is an outage from the first failure to the first success, with the orders that were recovered; two failures are one")
    func shop() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 3)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.store.feedOutages(of: shop.id, limit: 10).isEmpty)

                let began = fixture.test.clock.now.addingTimeInterval(60)
                fixture.test.clock.set(began)
                demo.behave(.serverError)
                #expect(try await fixture.slug(of: shop) == "server-error")
                fixture.test.clock.advance(seconds: 3_600)
                demo.behave(.maintenance(retryAfterSeconds: 60))
                #expect(try await fixture.slug(of: shop) == "maintenance")
                let lasting = try #require(try await fixture.store.feedOutages(of: shop.id, limit: 10).first)
                #expect(lasting.beganAt == began && lasting.endedAt == nil && lasting.errorKind == "server-error" && !lasting.isCounted)

                for person in [ShopPerson.everyone[0], .guest] { try demo.orders.sell([CartLine("SUP-START", quantity: 1)], to: person) }
                fixture.test.clock.advance(seconds: 5_400)
                demo.behave(nil)
                #expect(try await fixture.slug(of: shop) == nil)
                let ended = began.addingTimeInterval(9_000)
                let outages = try await fixture.store.feedOutages(of: shop.id, limit: 10)
                #expect(outages.count == 1)
                #expect(outages.first.map { $0.endedAt == ended && $0.recovered == 2 && $0.isCounted } == true, "\(outages)")
                // What comes later is no recovery.
                try demo.orders.sell([CartLine("SUP-START", quantity: 1)], to: .guest)
                fixture.test.clock.advance(seconds: 60)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.store.feedOutages(of: shop.id, limit: 10).first?.recovered == 2)

                // By the period that it overlaps.
                #expect(try await fixture.store.feedOutages(of: shop.id, from: ended.addingTimeInterval(1), limit: 10).isEmpty)
                #expect(try await fixture.store.feedOutages(of: shop.id, until: began, limit: 10).isEmpty)
                #expect(try await fixture.store.feedOutages(of: shop.id, from: began.addingTimeInterval(1), until: began.addingTimeInterval(2), limit: 10).count == 1)
            }
        }
    }

    @Test("a relay that was down is an outage too, and is forgotten when its time is over")
    func relay() async throws {
        let lines = try Relay.recorded()
        let relay = try Relay(Array(lines.prefix(20)))
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop(relay.url, kind: .deliveries)
            _ = try await fixture.desk.poll(shop)
            relay.away(true)
            #expect(try await fixture.slug(of: shop) != nil)
            for line in lines.dropFirst(20).prefix(10) { relay.add(line) }
            relay.away(false)
            fixture.test.clock.advance(seconds: 600)
            let figures = try await fixture.desk.poll(shop)
            let outage = try #require(try await fixture.store.feedOutages(of: shop.id, limit: 10).first)
            #expect(outage.recovered == figures.changed && outage.isCounted && outage.endedAt == fixture.test.clock.now)
            fixture.test.clock.advance(seconds: Double(Retention.feedOutages.days) * 86_400 - 1)
            #expect(try await fixture.store.deleteExpired(.feedOutages) == 0)
            fixture.test.clock.advance(seconds: 2)
            #expect(try await fixture.store.deleteExpired(.feedOutages) == 1)
        }
    }
}
