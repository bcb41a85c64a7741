import FoundationEssentials
import Synchronization

/// Decides who may read: Basic or key and secret in the query over https, OAuth 1.0a over plain http, everybody else 401.
final class Doorkeeper: Sendable {
    private let consumerKey: String
    private let consumerSecret: String
    private let permission: KeyPermission
    private let clock: @Sendable () -> Date
    private let nonces = Mutex(NonceBook())

    init(configuration: DemoShopConfiguration) {
        consumerKey = configuration.consumerKey
        consumerSecret = configuration.consumerSecret
        permission = configuration.keyPermission
        clock = configuration.clock
    }

    /// Throws what the recorded shop answered in `rest/auth`.
    func admit(_ request: ShopRequest) throws(RestError) {
        if request.scheme == "https" {
            try checkSecret(request)
        } else {
            try checkSignature(request)
        }
        switch (permission, request.method) {
        case (.ofCustomer, _): throw .cannotView(403)
        case (.writeOnly, "GET"), (.writeOnly, "HEAD"):
            throw .authentication("The API key provided does not have read permissions.")
        case (.read, "GET"), (.read, "HEAD"), (.writeOnly, _): return
        default: throw .authentication("The API key provided does not have write permissions.")
        }
    }

    private func checkSecret(_ request: ShopRequest) throws(RestError) {
        guard let (key, secret) = query(request) ?? basic(request) else { throw .cannotView(401) }
        guard key == consumerKey else { throw .cannotView(401) }
        guard secret == consumerSecret else { throw .authentication("Consumer secret is invalid.") }
    }

    private func query(_ request: ShopRequest) -> (String, String)? {
        guard let key = request.query["consumer_key"], let secret = request.query["consumer_secret"] else { return nil }
        return (key, secret)
    }

    private func basic(_ request: ShopRequest) -> (String, String)? {
        guard let header = request.authorization, header.lowercased().hasPrefix("basic "),
            let decoded = Data(base64Encoded: String(header.dropFirst(6)))
        else { return nil }
        let parts = String(decoding: decoded, as: UTF8.self).split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
    }

    private func checkSignature(_ request: ShopRequest) throws(RestError) {
        guard let oauth = OAuthParameters(request) else { throw .cannotView(401) }
        guard oauth.missing.isEmpty else {
            let plural = oauth.missing.count > 1 ? "parameters" : "parameter"
            throw .authentication("Missing OAuth \(plural) \(oauth.missing.joined(separator: ", "))")
        }
        guard oauth["consumer_key"] == consumerKey else { throw .authentication("Consumer key is invalid.") }
        let base = OAuthSignature.baseString(request, oauth.signed)
        guard let expected = OAuthSignature.signature(base, method: oauth["signature_method"], secret: consumerSecret) else {
            throw .authentication("Invalid signature - signature method is invalid.")
        }
        guard oauth["signature"] == expected else { throw .authentication("Invalid signature - provided signature does not match.") }
        try checkFreshness(oauth)
    }

    private func checkFreshness(_ oauth: OAuthParameters) throws(RestError) {
        let now = Int(clock().timeIntervalSince1970)
        guard let timestamp = Int(oauth["timestamp"]), abs(timestamp - now) <= NonceBook.windowSeconds else {
            throw .authentication("Invalid timestamp.")
        }
        let nonce = oauth["nonce"]
        guard nonces.withLock({ $0.take(nonce, timestamp: timestamp, now: now) }) else {
            throw .authentication("Invalid nonce - nonce has already been used.")
        }
    }
}
