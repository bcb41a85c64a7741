import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// Reading a `rest` shop over real HTTP.
@Suite struct WalkTests {
    @Test("one pass takes every recorded order in, with the credits that each entitles to; a second one changes nothing")
    func recorded() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let recorded = try RecordedOrder.all()
                for order in recorded { try demo.orders.put(rawOrderJSON: order.document, refunds: order.refunds) }
                let shop = try await fixture.addShop(address)
                let first = try await fixture.desk.poll(shop)
                #expect(first.seen >= recorded.count && first.rejected == 0)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order") == recorded.count)
                let expected = try recorded.reduce(into: [String: Int64]()) { sum, order in
                    sum.merge(RecordedOrder.entitled(try order.order())) { $1 }
                }
                #expect(try await fixture.differences(shop, expected) == [])
                #expect(expected.values.contains { $0 > 0 })
                let second = try await fixture.desk.poll(shop)
                #expect(second.changed == 0 && second.rejected == 0)
                let state = try #require(try await fixture.store.feedState(shop.id))
                #expect(state.importedAt != nil && state.totals.seen == first.seen + second.seen)
            }
        }
    }

    @Test("times go out bare, in GMT and saying so: a zone would hide the shop's last hours")
    func bareTimes() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 120)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                _ = try await fixture.desk.poll(shop)
                let lists = demo.recentRequests.filter { $0.contains("modified_after") }
                #expect(!lists.isEmpty)
                for request in lists {
                    #expect(request.contains("dates_are_gmt=true"))
                    #expect(request.firstMatch(of: /modified_after=\d{4}-\d{2}-\d{2}T\d{2}%3A\d{2}%3A\d{2}(&|$)/) != nil, "\(request)")
                }
            }
        }
    }

    @Test("hundreds of orders in one second, in no order, lose none of them", arguments: [false, true])
    func ties(olderVersion: Bool) async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop({ $0.olderVersion = olderVersion }) { demo, address in
                try demo.orders.seedOrders(count: 50, stepSeconds: 7)
                fixture.test.clock.advance(seconds: 60)
                try demo.orders.seedOrders(count: 250, stepSeconds: 0)
                fixture.test.clock.advance(seconds: 60)
                try demo.orders.seedOrders(count: 130, stepSeconds: 1)
                fixture.test.clock.advance(seconds: 600)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order") == 430)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE matched") > 0)
            }
        }
    }

    @Test("an order edited between two pages hides no other", arguments: [false, true])
    func edited(olderVersion: Bool) async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop({ $0.olderVersion = olderVersion }) { demo, address in
                try demo.orders.seedOrders(count: 350, stepSeconds: 1)
                fixture.test.clock.advance(seconds: 60)
                let shop = try await fixture.addShop(address)
                let client = try WooCommerceClient(
                    shop: shop, http: ShopReading.http(shop, fixture.configuration, logger: TestServer.logger), clock: fixture.store.clock,
                    nonce: fixture.configuration.nonce)
                let met = Met()
                let walk = OrderWalk(client: client, status: nil, since: nil, zone: nil) { orders, _ in
                    // The first of every page is edited while it is read: it moves to the end, and everything behind it one place up.
                    if let first = orders.first?.id, met.count < 4 { try demo.orders.setStatus(Int(first.rawValue), "completed") }
                    met.add(orders.compactMap(\.id))
                }
                try await walk.run(cursor: nil)
                #expect(Set(met.ids.map { Int($0.rawValue) }) == Set(demo.orders.orderIDs))
                await client.http.shutdown()
            }
        }
    }

    @Test("a page that cannot be committed moves no cursor: the next pass reads it again")
    func cursorWithItsOrders() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 230, stepSeconds: 20)
                let shop = try await fixture.addShop(address)
                // The third page meets a fault in the transaction that stores it.
                try await fixture.store.pool.transaction { connection in
                    try connection.executeScript(
                        """
                        CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            IF (SELECT count(*) FROM shop_order) > 150 THEN RAISE EXCEPTION 'fault' USING ERRCODE = '53200'; END IF;
                            RETURN NEW;
                        END $$;
                        CREATE TRIGGER fault BEFORE UPDATE OF cursor_at ON feed FOR EACH ROW EXECUTE FUNCTION fault();
                        """)
                }
                await #expect(throws: (any Error).self) { try await fixture.desk.poll(shop) }
                let cursor = try #require(try await fixture.store.feedState(shop.id)?.cursorAt)
                let newest = try await fixture.store.pool.read { connection in
                    try connection.queryOne("SELECT count(*) FROM shop_order WHERE modified_at <= \(cursor)::timestamptz") { try $0.next(Int.self) }
                }
                #expect(newest == 99, "all that the cursor stands behind is stored")
                try await fixture.store.pool.transaction { try $0.executeScript("DROP TRIGGER fault ON feed") }
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order") == 230)
            }
        }
    }

    @Test("trashed orders, which the list hides, lose their credits; revived ones get them back")
    func trash() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
                fixture.test.clock.advance(seconds: 30)
                try demo.orders.trash(order)
                #expect(try await fixture.desk.poll(shop).changed == 1)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 0)
                fixture.test.clock.advance(seconds: 30)
                try demo.orders.revive(order)
                #expect(try await fixture.desk.poll(shop).changed == 1)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
            }
        }
    }

    @Test("a plan that comes later reaches the lines that matched nothing, without asking the shop")
    func laterPlan() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                _ = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let shop = try await fixture.addShop(address)
                try await fixture.store.pool.transaction { _ = try $0.execute("UPDATE plan SET retired_at = now()") }
                #expect(try await fixture.desk.poll(shop).changed == 0)
                demo.behave(.serverError)
                try await fixture.importPlans("demo")
                try await fixture.desk.rematch(shop)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
                #expect(try await fixture.store.feedState(shop.id)?.rematchAfter == nil)
            }
        }
    }
}
