import Foundation
import Testing

@testable import DemoShop

@Suite("Only the right key reads, and only in the right way")
struct DoorkeeperTests {
    static let key = "ck_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
    /// `rest/auth/oauth-vector.json`, signed by another program.
    static let vector =
        "/wp-json/wc/v3/orders?oauth_consumer_key=\(key)&oauth_nonce=f675796a8d70505c&oauth_timestamp=1795313197"
        + "&oauth_signature_method=HMAC-SHA256&per_page=1&_fields=id&modified_after=2026-01-15T17%3A00%3A00&dates_are_gmt=true"
        + "&oauth_signature=dW8cdYFCuxOY%2FBwJTtlKejFaKmHp9naUU4ck1oWqd7g%3D"

    private func ask(_ shop: TestShop, _ target: String, _ authorization: String? = nil, scheme: String = "http") -> String {
        let reply = shop.site.answer(
            ShopRequest(method: "GET", target: target, authorization: authorization, scheme: scheme, host: "127.0.0.1:8080"))
        return reply.status == 200 ? "200" : "\(reply.status) \(reply.text)"
    }

    private func refusal(_ message: String) -> String {
        #"401 {"code":"woocommerce_rest_authentication_error","message":"\#(message)","data":{"status":401}}"#
    }

    private let cannotView =
        #"401 {"code":"woocommerce_rest_cannot_view","message":"Sorry, you cannot list resources.","data":{"status":401}}"#

    @Test("the recorded OAuth vector is good once")
    func vector() throws {
        let shop = try TestShop()
        shop.clock.set(1_795_313_197 + 600)
        #expect(ask(shop, DoorkeeperTests.vector) == "200")
        #expect(ask(shop, DoorkeeperTests.vector) == refusal("Invalid nonce - nonce has already been used."))
    }

    @Test("a timestamp 20 minutes off is refused, either way", arguments: [-1_200, 1_200])
    func timestamp(_ off: Int) throws {
        let shop = try TestShop()
        shop.clock.set(1_795_313_197 + off)
        #expect(ask(shop, DoorkeeperTests.vector) == refusal("Invalid timestamp."))
    }

    @Test("what is wrong with a signature is said as recorded")
    func wrong() throws {
        let shop = try TestShop()
        shop.clock.set(1_795_313_197)
        let vector = DoorkeeperTests.vector
        #expect(ask(shop, vector + "&page=2") == refusal("Invalid signature - provided signature does not match."))
        #expect(ask(shop, vector.replacing("HMAC-SHA256", with: "PLAIN")) == refusal("Invalid signature - signature method is invalid."))
        #expect(ask(shop, vector.replacing(DoorkeeperTests.key, with: "ck_b")) == refusal("Consumer key is invalid."))
        #expect(ask(shop, vector.replacing("oauth_nonce=f675796a8d70505c&", with: "")) == refusal("Missing OAuth parameter oauth_nonce"))
        #expect(ask(shop, "/wp-json/wc/v3/orders") == cannotView)
    }

    @Test("a signature in the header is as good as one in the query, with SHA1 too", arguments: ["HMAC-SHA256", "HMAC-SHA1"])
    func header(_ method: String) throws {
        let shop = try TestShop()
        shop.clock.set(1_795_313_197)
        let oauth = [
            ("oauth_consumer_key", DoorkeeperTests.key), ("oauth_nonce", "n1"), ("oauth_timestamp", "1795313197"),
            ("oauth_signature_method", method),
        ]
        let request = ShopRequest(
            method: "GET", target: "/wp-json/wc/v3/orders?per_page=1&search=J%C3%BCrgen+X", authorization: nil, scheme: "http",
            host: "127.0.0.1:8080")
        let base = OAuthSignature.baseString(request, oauth.map { (name: $0.0, value: $0.1) } + request.query.pairs)
        #expect(base.contains("search%3DJ%25C3%25BCrgen%2520X"))
        let signature = try #require(
            OAuthSignature.signature(base, method: method, secret: shop.shop.configuration.consumerSecret))
        let header = (oauth + [("oauth_signature", signature)]).map { "\($0.0)=\"\(PercentCoding.encode($0.1))\"" }.joined(separator: ", ")
        #expect(ask(shop, "/wp-json/wc/v3/orders?per_page=1&search=J%C3%BCrgen+X", "OAuth realm=\"x\", " + header) == "200")
    }

    @Test("Basic and key in the query work over https alone")
    func basic() throws {
        let shop = try TestShop()
        let secret = shop.shop.configuration.consumerSecret
        func basic(_ key: String, _ secret: String) -> String { "Basic " + Data("\(key):\(secret)".utf8).base64EncodedString() }
        let orders = "/wp-json/wc/v3/orders"
        #expect(ask(shop, orders, basic(DoorkeeperTests.key, secret), scheme: "https") == "200")
        #expect(ask(shop, orders, basic(DoorkeeperTests.key, secret)) == cannotView)
        #expect(ask(shop, orders, basic("ck_b", secret), scheme: "https") == cannotView)
        #expect(ask(shop, orders, basic(DoorkeeperTests.key, "cs_b"), scheme: "https") == refusal("Consumer secret is invalid."))
        #expect(ask(shop, orders, "Bearer x", scheme: "https") == cannotView)
        let query = "?consumer_key=\(DoorkeeperTests.key)&consumer_secret=\(secret)"
        #expect(ask(shop, orders + query, scheme: "https") == "200")
        #expect(ask(shop, orders + query) == cannotView)
    }

    @Test("a write-only key and a customer's key are told what they are")
    func permissions() throws {
        let writer = try TestShop { $0.keyPermission = .writeOnly }
        #expect(writer.get("/wp-json/wc/v3/orders").text.contains("The API key provided does not have read permissions."))
        let customer = try TestShop { $0.keyPermission = .ofCustomer }
        #expect(customer.get("/wp-json/wc/v3/orders").status == 403)
    }
}
