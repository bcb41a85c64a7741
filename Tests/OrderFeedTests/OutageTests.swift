import DemoShop
import Foundation
import Store
import Synchronization
import TestSupport
import Testing
@testable import OrderFeed

/// Every way of a shop to be broken has its own reason, and none of them is "no orders".
@Suite struct OutageTests {
    @Test(
        "every recorded outage has its own reason, and the next good answer mends it",
        arguments: [
            ("database-down", "server-error"), ("php-fatal-in-some-plugin", "server-error"), ("maintenance-mode", "maintenance"),
            ("woocommerce-deactivated", "woocommerce-off"), ("wp-json-missing-path", "not-wordpress"),
        ])
    func recorded(name: String, slug: String) async throws {
        let head = try String(decoding: DocumentRecordings.bytes("outages/\(name).headers"), as: UTF8.self)
            .split(whereSeparator: \.isNewline).filter { !$0.lowercased().hasPrefix("transfer-encoding") && !$0.lowercased().hasPrefix("connection") }
        let body = try DocumentRecordings.bytes("outages/\(name).body")
        let lines = head.map(String.init) + ["Connection: close", "Content-Length: \(body.count)"]
        let broken = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
        let isBroken = Mutex(true)
        let server = try RawServer { _ in isBroken.withLock { $0 } ? broken : RawServer.answer("[]") }
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop(server.url)
            #expect(try await fixture.slug(of: shop) == slug)
            let state = try #require(try await fixture.store.feedState(shop.id))
            #expect(state.passErrorKind == slug && state.failures == 1 && state.awaySince != nil && state.importedAt == nil)
            if name == "maintenance-mode" { #expect(state.retryAfter == fixture.test.clock.now.addingTimeInterval(600)) }
            isBroken.withLock { $0 = false }
            #expect(try await fixture.slug(of: shop) == nil)
            let mended = try #require(try await fixture.store.feedState(shop.id))
            #expect(mended.passError == nil && mended.failures == 0 && mended.awaySince == nil && mended.importedAt != nil)
        }
    }

    @Test("every way of the demo shop to be broken has its own reason, and it recovers")
    func demo() async throws {
        try await FeedFixture.with({ configuration in
            configuration.limits.totalSecondsMax = 60
            configuration.limits.lowSpeedBytesPerSecond = 200
            configuration.limits.lowSpeedSecondsMax = 8
            configuration.limits.bodyBytesMax = 1 << 20
        }) { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 3)
                let shop = try await fixture.addShop(address)
                let outages: [(Outage, String)] = [
                    (.maintenance(retryAfterSeconds: 600), "maintenance"), (.serverError, "server-error"), (.unauthorized, "not-recognised"),
                    (.forbidden, "no-permission"), (.noRoute, "woocommerce-off"), (.notFoundPage, "not-wordpress"),
                    (.tooManyRequests(retryAfterSeconds: 120), "rate-limited"), (.truncatedJSON, "cut-off"), (.connectionCut, "truncated"),
                    (.htmlPage, "html"), (.otherJSON, "wrong-shape"), (.slowDrip(bytes: 1, pauseMilliseconds: 50), "too-slow"),
                    (.endlessBody, "body-too-large"), (.redirectLoop, "redirect-loop"), (.hang, "too-slow"),
                ]
                for (outage, slug) in outages {
                    demo.behave(outage)
                    #expect(try await fixture.slug(of: shop) == slug, "\(outage)")
                    #expect(try await fixture.store.feedState(shop.id)?.importedAt == nil)
                }
                demo.behave(nil)
                #expect(try await fixture.desk.poll(shop).seen == 3)
            }
        }
    }

    @Test("a wrong key, a wrong secret and a wrong clock are told apart")
    func keys() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { _, address in
                let unknown = try await fixture.addShop(address, slug: "unknown", key: "ck_" + String(repeating: "b", count: 40))
                #expect(try await fixture.slug(of: unknown) == "unknown-key")
                let secret = try await fixture.addShop(address, slug: "secret", secret: "cs_" + String(repeating: "b", count: 40))
                #expect(try await fixture.slug(of: secret) == "signature-refused")
            }
            try await fixture.withShop({ $0.clock = { Date(timeIntervalSince1970: 1_795_320_000 + 3600) } }) { _, address in
                let late = try await fixture.addShop(address, slug: "late")
                #expect(try await fixture.slug(of: late) == "clock-skew")
            }
            try await fixture.withShop({ $0.keyPermission = .ofCustomer }) { _, address in
                let customer = try await fixture.addShop(address, slug: "customer")
                #expect(try await fixture.slug(of: customer) == "no-permission")
            }
            try await fixture.withShop({ $0.keyPermission = .writeOnly }) { _, address in
                let writer = try await fixture.addShop(address, slug: "writer")
                #expect(try await fixture.slug(of: writer) == "key-cannot-read")
            }
            let nobody = try await fixture.addShop("http://127.0.0.1:9", slug: "nobody")
            #expect(try await fixture.slug(of: nobody) == "connection-refused")
        }
    }

    @Test("a short Retry-After is waited out by a pass by hand")
    func retryAfter() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                try demo.orders.seedOrders(count: 2)
                let shop = try await fixture.addShop(address)
                demo.behave(.tooManyRequests(retryAfterSeconds: 1), forRequests: 1)
                #expect(try await fixture.desk.poll(shop).seen == 2)
            }
        }
    }
}
