import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// What people do with feeds by hand.
@Suite struct DeskTests {
    @Test("over https the key goes as Basic; a certificate that nobody vouches for is told as such")
    func https() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "orderfeed-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = try await TestCertificate.make(in: folder)
        let tls = DemoShopConfiguration.TLS(certificatePath: made.certificatePath, keyPath: made.keyPath)
        try await FeedFixture.with { fixture in
            try await fixture.withShop({ $0.tls = tls }) { demo, address in
                try demo.orders.seedOrders(count: 2)
                let shop = try await fixture.addShop(address, caFile: tls.certificatePath)
                #expect(try await fixture.desk.poll(shop).seen == 2)
                #expect(!demo.recentRequests.contains { $0.contains("oauth") || $0.contains("consumer") })
                let stranger = try await fixture.addShop(address, slug: "stranger")
                #expect(try await fixture.slug(of: stranger) == "certificate-untrusted")
                let unknown = try await fixture.addShop(
                    address, slug: "unknown", key: "ck_" + String(repeating: "b", count: 40), caFile: tls.certificatePath)
                #expect(try await fixture.slug(of: unknown) == "unknown-key")
                let secret = try await fixture.addShop(
                    address, slug: "secret", secret: "cs_" + String(repeating: "b", count: 40), caFile: tls.certificatePath)
                #expect(try await fixture.slug(of: secret) == "bad-secret")
            }
        }
    }

    @Test("a connection test says in plain words what is right and what is wrong, and no secret")
    func connection() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                _ = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let shop = try await fixture.addShop(address)
                let good = try await fixture.desk.testConnection(shop)
                #expect(good.isGood, "\(good.json)")
                #expect(good.steps.contains { $0.name == "orders" && $0.outcome == .good })
                demo.behave(.noRoute)
                let off = try await fixture.desk.testConnection(shop)
                #expect(!off.isGood && off.steps.contains { $0.slug == "woocommerce-off" })
                demo.behave(nil)
                let wrong = try await fixture.addShop(address, slug: "wrong", secret: "cs_" + String(repeating: "b", count: 40))
                let report = try await fixture.desk.testConnection(wrong)
                #expect(report.steps.contains { $0.name == "keys" && $0.outcome == .bad })
                #expect(!report.json.contains(String(repeating: "b", count: 40)))
                #expect(try await fixture.count("SELECT count(*) FROM shop_order") == 0)
            }
        }
    }

    @Test("one order is imported by its id; what is not there is said to be so")
    func importing() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let shop = try await fixture.addShop(address)
                #expect(try await fixture.desk.importOrder(OrderID(Int64(order)), shop))
                #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE source = 'import'") == 1)
                #expect(try await !fixture.desk.importOrder(OrderID(999_999), shop))
            }
        }
    }

    @Test("orders from before the shop's start are left out, and an answer that only looks short is no end")
    func since() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let all = try #require(try demo.orders.seedOrders(count: 300, stepSeconds: 60))
                let start = fixture.test.clock.now.addingTimeInterval(-60 * 119)
                let shop = try await fixture.addShop(address, since: start)
                _ = try await fixture.desk.poll(shop)
                #expect(try await fixture.count("SELECT count(*) FROM shop_order") == 120)
                #expect(try await fixture.count("SELECT min(order_id) FROM shop_order") == all.upperBound - 119)
            }
        }
    }
}
