import Foundation
import Testing

@testable import DemoShop

@Suite("Over a real connection", .serialized)
struct ServerTests {
    private static let orders = "/wp-json/wc/v3/orders"

    @Test("an order is read over TLS with Basic, and only with the shop's certificate")
    func tls() async throws {
        try await RunningShop.with { shop, address in
            let id = try shop.orders.sell([CartLine("SUP-START")])
            let file = try #require(shop.configuration.tls?.certificatePath)
            let reply = try await Curl.get("\(address)\(ServerTests.orders)", ["--cacert", file] + RunningShop.basic)
            #expect(reply.status == 200)
            #expect(reply.headers.contains("X-WP-Total: 1\r\n"))
            #expect(Array(reply.body.dropFirst().dropLast()) == shop.orders.document(of: id))
            #expect(try await Curl.get("\(address)\(ServerTests.orders)", RunningShop.basic).exitCode == 60)
            #expect(shop.requestsServed == 1)
            #expect(shop.recentRequests == [ServerTests.orders])
        }
    }

    @Test("over plain http Basic is 401 and OAuth is let in")
    func plain() async throws {
        try await RunningShop.with(tls: false) { shop, address in
            #expect(try await Curl.get("\(address)\(ServerTests.orders)", RunningShop.basic).status == 401)
            let host = String(address.dropFirst("http://".count))
            let now = String(Int(Date().timeIntervalSince1970))
            let oauth = [
                ("oauth_consumer_key", shop.configuration.consumerKey), ("oauth_nonce", "abc"), ("oauth_timestamp", now),
                ("oauth_signature_method", "HMAC-SHA256"),
            ].map { (name: $0.0, value: $0.1) }
            let request = ShopRequest(method: "GET", target: ServerTests.orders, authorization: nil, scheme: "http", host: host)
            let base = OAuthSignature.baseString(request, oauth)
            let signature = try #require(
                OAuthSignature.signature(base, method: "HMAC-SHA256", secret: shop.configuration.consumerSecret))
            let query = (oauth + [(name: "oauth_signature", value: signature)]).map { "\($0.name)=\(PercentCoding.encode($0.value))" }
            #expect(try await Curl.get("\(address)\(ServerTests.orders)?\(query.joined(separator: "&"))").status == 200)
        }
    }

    @Test("each outage looks to a client as it did when it was seen")
    func outages() async throws {
        try await RunningShop.with { shop, address in
            try shop.orders.seedOrders(count: 40)
            func get(_ outage: Outage?, _ options: [String] = []) async throws -> Curl {
                shop.behave(outage)
                return try await Curl.get("\(address)\(ServerTests.orders)?per_page=40", ["-k"] + RunningShop.basic + options)
            }
            let whole = try await get(nil).body
            let maintenance = try await get(.maintenance(retryAfterSeconds: 600))
            #expect(maintenance.status == 503 && maintenance.headers.contains("Retry-After: 600") && maintenance.text.contains("<html"))
            #expect(try await get(.serverError).status == 500)
            #expect(try await get(.unauthorized).text.contains("woocommerce_rest_cannot_view"))
            #expect(try await get(.forbidden).status == 403)
            #expect(try await get(.noRoute).text == Recording.text("params/route-missing.json"))
            #expect(try await get(.notFoundPage).text.contains("<html"))
            let tooMany = try await get(.tooManyRequests(retryAfterSeconds: 3))
            #expect(tooMany.status == 429 && tooMany.headers.contains("Retry-After: 3"))
            let truncated = try await get(.truncatedJSON)
            #expect(truncated.exitCode == 0 && truncated.body == Array(whole.prefix(whole.count / 2)))
            #expect(try await get(.connectionCut).exitCode != 0)
            let drip = try await get(.slowDrip(bytes: whole.count / 5, pauseMilliseconds: 1))
            #expect(drip.body == whole)
            let endless = try await get(.endlessBody, ["-m", "5", "--limit-rate", "2M"])
            #expect(endless.exitCode == 28 && endless.text.hasPrefix(#"[{"id":1,"#))
            #expect(try await get(.redirectLoop, ["-L", "--max-redirs", "5"]).exitCode == 47)
            #expect(try await get(.htmlPage).status == 200)
            #expect(try await get(.otherJSON).text.contains("soon"))
            #expect(try await get(.hang, ["-m", "1"]).exitCode == 28)
            #expect(try await get(nil).body == whole)
        }
    }

    @Test("an outage may be for so many requests, and then the shop is well again")
    func countedOutage() async throws {
        try await RunningShop.with { shop, address in
            shop.behave(.serverError, forRequests: 2)
            var statuses: [Int] = []
            for _ in 0..<3 { statuses.append(try await Curl.get("\(address)\(ServerTests.orders)", ["-k"] + RunningShop.basic).status) }
            #expect(statuses == [500, 500, 200])
        }
    }

    @Test("a shop closes while it drips, hangs or pours")
    func closesInTrouble() async throws {
        for outage in [Outage.hang, .slowDrip(bytes: 1, pauseMilliseconds: 10_000), .endlessBody] {
            try await RunningShop.with { shop, address in
                shop.behave(outage)
                let asking = Task {
                    try await Curl.get("\(address)\(ServerTests.orders)", ["-k", "--limit-rate", "50M"] + RunningShop.basic)
                }
                while shop.requestsServed == 0 { await Task.yield() }
                asking.cancel()
            }
        }
    }

    @Test("a taken port stops the shop, and whoever waits for the address is told")
    func takenPort() async throws {
        try await RunningShop.with(tls: false) { _, address in
            var configuration = DemoShopConfiguration()
            configuration.port = Int(address.split(separator: ":").last ?? "") ?? 0
            let second = try DemoShop(configuration: configuration, logger: RunningShop.quiet)
            let waiting = Task { try await second.address }
            await #expect(throws: (any Error).self) { try await second.run() }
            await #expect(throws: DemoShopError.notListening) { try await waiting.value }
        }
    }

    @Test("an unknown time zone is refused before anything runs")
    func unknownZone() {
        var configuration = DemoShopConfiguration()
        configuration.timeZone = "Europe/Atlantis"
        #expect(throws: DemoShopError.unknownTimeZone("Europe/Atlantis")) {
            try DemoShop(configuration: configuration, logger: RunningShop.quiet)
        }
    }
}
