/// What became of a pushed webhook, and the status that answers it.
public enum PushOutcome: Sendable, Hashable {
    /// Kept; the feed will read it.
    case accepted
    /// The unsigned form that WooCommerce sends when a webhook is made.
    case ping
    /// Signed and understood, and nothing to do: another topic, or the shop's own error document.
    case ignored(String)
    /// Signed and not understood: kept raw with the reason (P12).
    case rejected(String)
    case unknownShop
    /// The shop has no webhook secret, so that nothing can be trusted.
    case noSecret
    case badSignature
    case tooLarge

    /// The HTTP status of the answer. WooCommerce counts anything but 2xx and 3xx as failed, and gives up after seven in a row.
    public var status: Int {
        switch self {
        case .accepted, .ping, .ignored, .rejected: 200
        case .unknownShop: 404
        case .noSecret, .badSignature: 401
        case .tooLarge: 413
        }
    }

    /// One plain sentence; holds nothing of the body and no secret.
    public var sentence: String {
        switch self {
        case .accepted: "accepted"
        case .ping: "ping answered"
        case .ignored(let reason), .rejected(let reason): reason
        case .unknownShop: "there is no such shop"
        case .noSecret: "the shop has no webhook secret: set it with `supportmeter shop set --webhook-secret-file`"
        case .badSignature: "the signature does not fit the body: the webhook's secret differs from the shop's setting"
        case .tooLarge: "the body is larger than \(Store.pushBodyBytesMax) bytes"
        }
    }
}

/// A pushed webhook as it came.
public struct Push: Sendable {
    /// `X-WC-Webhook-Topic`.
    public var topic: String?
    /// `X-WC-Webhook-Signature`.
    public var signature: String?
    public var contentType: String?
    public var body: [UInt8]

    public init(topic: String?, signature: String?, contentType: String?, body: [UInt8]) {
        self.topic = topic
        self.signature = signature
        self.contentType = contentType
        self.body = body
    }

    /// `webhook_id=1` as a form, without a signature (`woocommerce.md`, "Webhooks" 1).
    var isPing: Bool {
        signature == nil && contentType?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
            && body.starts(with: Array("webhook_id=".utf8)) && body.count <= Push.pingBytesMax
    }

    private static let pingBytesMax = 64
}
