import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// The push receiver, with every delivery as it was recorded.
@Suite struct PushTests {
    @Test("every recorded delivery is answered 200: pings, orders, error documents and what is not about orders")
    func recorded() async throws {
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop("http://127.0.0.1:9")
            var pings = 0
            for recorded in try RecordedPush.all() {
                let outcome = try await fixture.store.receivePush("demo", recorded.push)
                #expect(outcome.status == 200, "\(recorded.name): \(outcome)")
                if recorded.push.signature == nil { #expect(outcome == .ping) }
                if outcome == .ping { pings += 1 }
            }
            #expect(pings > 0)
            #expect(try await fixture.count("SELECT count(*) FROM order_hint") > 0)
            let errors = try await fixture.store.rejects(shop.id, includingResolved: true)
            #expect(!errors.isEmpty && errors.allSatisfy { $0.reason.contains(OrderDocumentError.orderGoneCode) && $0.resolvedAt != nil })
            #expect(try await fixture.store.rejects(shop.id).isEmpty)
        }
    }

    @Test("a wrong signature, no secret, an unknown shop and a body too large are refused; signed garbage is kept")
    func refused() async throws {
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop("http://127.0.0.1:9")
            let body = Array(#"{"id":1}"#.utf8)
            let good = WebhookSignature.sign(body, secret: FeedFixture.hookSecret)
            func push(_ body: [UInt8], _ signature: String?, to slug: String = "demo") async throws -> PushOutcome {
                try await fixture.store.receivePush(
                    slug, Push(topic: "order.updated", signature: signature, contentType: "application/json", body: body))
            }
            #expect(try await push(body, good) == .accepted)
            #expect(try await push(body + [32], good) == .badSignature)
            #expect(try await push(body, nil) == .badSignature)
            #expect(try await push(body, "not base64") == .badSignature)
            #expect(try await push(body, good, to: "nobody") == .unknownShop)
            #expect(try await push([UInt8](repeating: 32, count: Store.pushBodyBytesMax + 1), good) == .tooLarge)
            let garbage: [UInt8] = [0x7B, 0x00, 0xFF]
            let outcome = try await push(garbage, WebhookSignature.sign(garbage, secret: FeedFixture.hookSecret))
            #expect(outcome.status == 200)
            #expect(try await fixture.store.rejects(shop.id).map(\.raw) == ["{\u{FFFD}\u{FFFD}"])
            #expect(try await fixture.store.openRejectCounts() == [shop.id: 1])
            try await fixture.store.pool.transaction { _ = try $0.execute("UPDATE shop SET webhook_secret = NULL") }
            _ = try await fixture.store.allShops()
            #expect(try await push(body, good) == .noSecret)
        }
    }

    @Test("a push to a rest shop is a hint: the order is read at the shop, whatever the body says")
    func hint() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let shop = try await fixture.addShop(address)
                _ = try await fixture.desk.poll(shop)
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let body = Array(#"{"id":\#(order),"status":"cancelled"}"#.utf8)
                let signature = WebhookSignature.sign(body, secret: FeedFixture.hookSecret)
                let push = Push(topic: "order.updated", signature: signature, contentType: "application/json", body: body)
                #expect(try await fixture.store.receivePush("demo", push) == .accepted)
                #expect(try await fixture.store.waitingHints(shop.id).map(\.order) == [OrderID(Int64(order))])
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.store.waitingHints(shop.id).isEmpty)
                #expect(try await fixture.ledger(shop).values.map { $0[0] }.reduce(0, +) == 11)
            }
        }
    }
}
