import Foundation
import ServiceLifecycle
import Synchronization
import Testing

@testable import DemoShop

@Suite("A shop that lives")
struct LifeTests {
    @Test("everything that moves credits happens, the same for the same seed")
    func script() throws {
        func live() throws -> (happenings: [String], shop: TestShop) {
            let shop = try TestShop()
            var script = ShopScript(book: shop.orders, seed: 42)
            let happenings = try (0..<600).map { _ in
                shop.clock.advance(2)
                return try script.step()
            }
            return (happenings.map { "\($0)" }, shop)
        }
        let first = try live()
        let kinds = Set(first.happenings.map { $0.prefix { $0 != "(" } })
        #expect(kinds.count == 9)
        let second = try live()
        #expect(first.happenings == second.happenings)
        let ids = first.shop.orders.orderIDs
        #expect(ids.map { first.shop.orders.document(of: $0) } == ids.map { second.shop.orders.document(of: $0) })
    }

    @Test("people write in five languages, and every letter survives the trip as ASCII")
    func languages() throws {
        let shop = try TestShop()
        for person in ShopPerson.everyone {
            let id = try shop.orders.sell([CartLine("SUP-START")], to: person, note: person.language.notes.joined())
            #expect(shop.orders.document(of: id)?.allSatisfy { $0 < 0x80 } == true)
            let order = try shop.order(id)
            #expect(order["billing"]?["last_name"]?.text == person.lastName)
            #expect(order["customer_note"]?.text == person.language.notes.joined())
        }
        #expect(Set(ShopPerson.everyone.map(\.language)).count == 5)
    }

    @Test("the recorded delivery has our signature")
    func signature() {
        let signature = ShopWebhooks.signature(Array(#"{"id":326}"#.utf8), secret: "supportmeter-hook-secret")
        #expect(signature == "AEDem+6fv3SFkFXV8J+KV99rMzlFEMgB96009eWvoLo=")
    }

    @Test("webhooks carry the order as it is when they are sent, a deleted one's id alone, and a signed error for one that is gone")
    func deliveries() async throws {
        let shop = try TestShop()
        let sent = Mutex<[(topic: String, body: String)]>([])
        let webhooks = ShopWebhooks(shop: shop.shop) { headers, body in
            let topic = headers.first { $0.0 == "X-WC-Webhook-Topic" }?.1 ?? "ping"
            let signature = headers.first { $0.0 == "X-WC-Webhook-Signature" }?.1
            #expect(topic == "ping" || signature == ShopWebhooks.signature(body, secret: "supportmeter-hook-secret"))
            sent.withLock { $0.append((topic, String(decoding: body, as: UTF8.self))) }
        }
        await webhooks.ping()
        let id = try shop.orders.sell([CartLine("SUP-START")], status: "pending")
        try shop.orders.pay(id)
        try shop.orders.setStatus(id, "completed")
        #expect(await webhooks.deliverDue() == 2)
        try shop.orders.trash(id)
        #expect(await webhooks.deliverDue() == 1)
        try shop.orders.revive(id)
        let refund = try shop.orders.refund(id, .amount(cents: 100))
        await webhooks.deliverDue()
        try shop.orders.deleteRefund(refund)
        #expect(await webhooks.deliverDue() == 0)
        let gone = try shop.orders.sell([CartLine("SUP-START")])
        try shop.orders.forceDelete(gone)
        await webhooks.deliverDue()
        let all = sent.withLock { $0 }
        #expect(all.prefix(4).map(\.body) == ["webhook_id=1", "webhook_id=2", "webhook_id=3", "webhook_id=4"])
        #expect(
            all.dropFirst(4).map(\.topic) == [
                "order.created", "order.updated", "order.deleted", "order.restored", "order.updated", "order.created", "order.updated",
            ])
        #expect(all[4].body == all[5].body && all[4].body.contains(#""status":"completed""#))
        #expect(all[6].body == "{\"id\":\(id)}")
        #expect(all[9].body == (try Recording.text("params/order-missing.json")))
    }

    @Test("the service sells until it is told to stop")
    func service() async throws {
        let shop = try TestShop()
        var life = ShopLife(shop: shop.shop, logger: RunningShop.quiet)
        life.pause = .milliseconds(1)
        life.openingOrders = 3
        let services = ServiceGroup(services: [life], logger: RunningShop.quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            while shop.orders.count < 10 { await Task.yield() }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        #expect(shop.orders.count >= 10)
    }

    @Test("the plans name every support product the shop sells, and nothing else")
    func plans() {
        for product in ShopProduct.all {
            #expect(DemoShop.plansYAML.contains("[\(product.sku)]") == product.sku.hasPrefix("SUP-"))
        }
    }
}
