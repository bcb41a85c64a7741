import Curl
import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// One thing that was tried, and what came of it.
    public struct Check: Sendable, Hashable {
        /// `address`, `keys`, `orders`, `clock`, `webhooks`.
        public let name: String
        public let isGood: Bool
        public let sentence: String
    }

    /// Seconds that the shop's clock may differ from ours before people are told; its Date header knows whole seconds only.
    static let clockSkewSecondsTold = 60.0

    /// Tries what a pass needs with one small read, and says what is wrong with URL, TLS, keys and clock. Changes nothing.
    /// Throws the `FeedFailure` that would stop a pass.
    public func test(_ shop: Shop) async throws -> [Check] {
        let http = ShopReading.http(shop, configuration, logger: logger)
        let result = await Outcome.of { shop.feedKind == .rest ? try await testShop(shop, http) : try await testRelay(shop, http) }
        await http.shutdown()
        return try result.get() + [FeedDesk.webhooks(shop)]
    }

    private func testShop(_ shop: Shop, _ http: HTTPClient) async throws -> [Check] {
        let client = try WooCommerceClient(shop: shop, http: http, clock: store.clock, nonce: configuration.nonce)
        let answer = try await client.get("wc/v3/orders", [("per_page", "1")])
        let body = try answer.checkedBody()
        guard JSONListSplitter.split(body) != nil else { throw FeedFailure(.wrongShape, "\(answer.shop) answered with JSON that is no list of orders.") }
        let orders = answer.total.map { "reads orders; the shop counts \($0)" } ?? "reads orders"
        return [
            Check(name: "address", isGood: true, sentence: answer.isSigned ? "answers over plain http" : "answers over https, with a certificate that is trusted"),
            Check(name: "keys", isGood: true, sentence: "known to the shop" + (answer.isSigned ? " (OAuth 1.0a)" : "")),
            Check(name: "orders", isGood: true, sentence: orders),
            FeedDesk.clock(answer.clockSkewSeconds),
        ]
    }

    private func testRelay(_ shop: Shop, _ http: HTTPClient) async throws -> [Check] {
        guard shop.webhookSecret != nil else {
            throw FeedFailure(.noWebhookSecret, "The shop \(shop.slug) has no webhook secret: set it with --webhook-secret-file.")
        }
        let page = try await RelayClient(shop: shop, http: http, clock: store.clock).page(after: nil, limit: 1)
        return [Check(name: "address", isGood: true, sentence: page.elements.isEmpty ? "answers; no delivery yet" : "answers with deliveries")]
    }

    private static func clock(_ skew: Double?) -> Check {
        guard let skew else { return Check(name: "clock", isGood: true, sentence: "the shop does not tell its time") }
        guard abs(skew) > clockSkewSecondsTold else { return Check(name: "clock", isGood: true, sentence: "agrees with ours") }
        let words = "\(Int(abs(skew).rounded())) seconds \(skew > 0 ? "ahead of" : "behind") ours: set the clocks right"
        return Check(name: "clock", isGood: false, sentence: words)
    }

    private static func webhooks(_ shop: Shop) -> Check {
        shop.webhookSecret == nil
            ? Check(name: "webhooks", isGood: true, sentence: "no secret: pushes are refused, the poller alone sees orders")
            : Check(name: "webhooks", isGood: true, sentence: "a secret is set")
    }
}
