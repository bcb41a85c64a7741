import Curl
import Domain
import FoundationEssentials
import Logging
import Store

/// Reads one shop's WooCommerce REST API: Basic over https, OAuth 1.0a over http, because WooCommerce refuses Basic there.
/// Sends nothing but GET. Everything that is not the answer asked for is thrown as a `FeedFailure`.
struct WooCommerceClient: Sendable {
    let http: HTTPClient
    /// The shop's address without a slash at its end.
    let base: String
    private let key: Secret
    private let secret: Secret
    private let clock: @Sendable () -> Date
    private let nonce: @Sendable () -> String

    /// Throws `missingKeys`, and `badAddress` for a URL that cannot be read.
    init(shop: Shop, http: HTTPClient, clock: @escaping @Sendable () -> Date, nonce: @escaping @Sendable () -> String) throws(FeedFailure) {
        guard let key = shop.consumerKey, let secret = shop.consumerSecret else {
            throw FeedFailure(.missingKeys, "The shop \(shop.slug) has no consumer key and secret: set them with --consumer-key-file and --consumer-secret-file.")
        }
        self.http = http
        self.key = Secret(key.value)
        self.secret = Secret(secret.value)
        self.clock = clock
        self.nonce = nonce
        base = WooCommerceClient.base(shop.url)
        do throws(HTTPFailure) { _ = try URLParts(base) } catch { throw FeedFailure(.badAddress, "The shop's URL cannot be used. \(error)") }
    }

    /// People paste the address of the API as well as that of the shop.
    private static func base(_ url: String) -> String {
        var base = Substring(url)
        while base.hasSuffix("/") { base.removeLast() }
        for ending in ["/orders", "/wc/v3", "/wp-json"] where base.hasSuffix(ending) { base.removeLast(ending.count) }
        return String(base)
    }

    /// `path` below `/wp-json/`, whatever its status.
    func get(_ path: String, _ parameters: [(name: String, value: String)] = [], authenticated: Bool = true) async throws -> ShopAnswer {
        let address = try parts(path)
        let sentAt = clock()
        let isSigned = authenticated && address.scheme == "http"
        let sent = isSigned ? signature(sentAt).sign(address, parameters) : parameters
        let query = sent.map { "\(PercentEncoding.encode($0.name))=\(PercentEncoding.encode($0.value))" }.joined(separator: "&")
        let request = HTTPRequest(
            url: address.origin + address.path + (query.isEmpty ? "" : "?" + query), headers: [("Accept", "application/json")],
            basicAuth: authenticated && !isSigned ? HTTPRequest.BasicAuth(user: key, password: secret) : nil)
        do {
            return ShopAnswer(try await http.send(request), asked: address, sentAt: sentAt, isSigned: isSigned)
        } catch let failure as HTTPFailure {
            guard let failure = FeedFailure(failure) else { throw CancellationError() }
            throw failure
        }
    }

    private func parts(_ path: String) throws(FeedFailure) -> URLParts {
        do throws(HTTPFailure) { return try URLParts("\(base)/wp-json/\(path)") } catch { throw FeedFailure(.badAddress, error.description) }
    }

    private func signature(_ date: Date) -> OAuthSignature {
        OAuthSignature(
            consumerKey: key.reveal(), consumerSecret: secret.reveal(), nonce: nonce(), timestamp: Int(date.timeIntervalSince1970))
    }
}
