import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// What no modification time tells.
@Suite struct SweepTests {
    @Test("a deleted refund moves no date: the sweep finds it")
    func deletedRefund() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 2)])
                let line = try #require(demo.orders.lines(of: order).first)
                let refund = try demo.orders.refundQuantityOnly(order, line: line, quantity: 1)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
                // Far from the overlap: a later order has moved the cursor on.
                fixture.test.clock.advance(seconds: 900)
                _ = try demo.orders.sell([CartLine("MUG-1", quantity: 1)])
                _ = try await fixture.desk.poll(shop)
                try demo.orders.deleteRefund(refund)
                fixture.test.clock.advance(seconds: 1)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
                let figures = try await fixture.desk.sweep(shop)
                #expect(figures.seen == 1 && figures.changed == 1)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 22)
                #expect(try await fixture.store.feedState(shop.id)?.sweepEndedAt != nil)
            }
        }
    }

    @Test("an order gone in two sweeps in a row is marked, keeps its credits, and any other 404 says nothing")
    func gone() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                _ = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                try demo.orders.forceDelete(order)
                _ = try await fixture.desk.sweep(shop)
                #expect(try await fixture.store.feedStatus(shop).flagged == [])
                demo.behave(.noRoute)
                await #expect(throws: FeedFailure.self) { try await fixture.desk.sweep(shop) }
                #expect(try await fixture.store.feedStatus(shop).flagged == [])
                demo.behave(nil)
                _ = try await fixture.desk.sweep(shop)
                let status = try await fixture.store.feedStatus(shop)
                #expect(status.flagged.map(\.order) == [OrderID(Int64(order))] && status.flagCounts == ["gone": 1])
                #expect(status.json.contains(#""flags":{"gone":1}"#))
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 22)
            }
        }
    }

    @Test("a sweep that was broken off goes on where it was, and one asked for begins anew")
    func resumed() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                for _ in 0..<5 { _ = try demo.orders.sell([CartLine("SUP-START", quantity: 1)]) }
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                _ = try #require(try await fixture.store.takeFeedLease(shop.id, owner: "a", seconds: 60))
                #expect(try await fixture.store.beginSweep(shop.id, owner: "a") == SweepPlace(after: OrderID(0), page: 1))
                var page = FeedPage()
                page.moves = [.sweep(after: OrderID(7)), .listed(next: 3)]
                _ = try await fixture.store.keep(page, shop: shop, owner: "a")
                #expect(try await fixture.store.beginSweep(shop.id, owner: "a") == SweepPlace(after: OrderID(7), page: 3))
                fixture.test.clock.advance(seconds: 1)
                _ = try await fixture.store.requestSweep(shop.id)
                #expect(try await fixture.store.beginSweep(shop.id, owner: "a") == SweepPlace(after: OrderID(0), page: 1))
                try await fixture.store.releaseFeedLease(shop.id, owner: "a")
                #expect(try await fixture.desk.sweep(shop).seen == 5)
            }
        }
    }

    @Test("an order that was put into the shop with an old modification time lies behind the cursor: the sweep finds it, once")
    func imported() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                _ = try demo.orders.seedOrders(count: 120)
                let model = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let trashed = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                try demo.orders.trash(trashed)
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                let bytes = try #require(demo.orders.document(of: model))
                var document = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
                document["id"] = 90_000
                let monthAgo = String(Timestamp.text(fixture.test.clock.now.addingTimeInterval(-30 * 86_400)).prefix(19))
                for time in ["date_created", "date_modified", "date_paid", "date_completed"] {
                    document[time] = monthAgo
                    document[time + "_gmt"] = monthAgo
                }
                let imported = try demo.orders.put(rawOrderJSON: String(decoding: try JSONSerialization.data(withJSONObject: document), as: UTF8.self))
                fixture.test.clock.advance(seconds: 1)
                #expect(try await fixture.desk.poll(shop).changed == 0)
                let figures = try await fixture.desk.sweep(shop)
                #expect(figures.changed == 1)
                let tickets = try await fixture.store.tickets(TicketFilter(order: OrderID(Int64(imported))), in: shop.id)
                #expect(tickets.items.count == 1)
                #expect(try await fixture.desk.sweep(shop).changed == 0)
            }
        }
    }

    @Test("a shop that answers every page with the same orders is told apart from one that has many")
    func samePage() async throws {
        let server = try RawServer { target in
            if target.contains("_fields=id") {
                return RawServer.answer(#"[{"id":5}]"#, headers: ["Content-Type: application/json", "X-WP-Total: 2", "X-WP-TotalPages: 2"])
            }
            return RawServer.answer(#"{"code":"woocommerce_rest_shop_order_invalid_id","message":"Invalid ID.","data":{"status":404}}"#, status: "404 Not Found")
        }
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop(server.url)
            await #expect { try await fixture.desk.sweep(shop) } throws: { ($0 as? FeedFailure)?.kind == .ignoresParameters }
        }
    }
}
