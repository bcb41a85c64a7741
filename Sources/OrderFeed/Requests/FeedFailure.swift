import FoundationEssentials

/// Why a shop, or a relay, could not be read. Never means "there are no orders". Its texts are safe everywhere.
public struct FeedFailure: Error, Sendable, Hashable {
    /// The reasons, each with a stable slug.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case badAddress = "bad-address"
        case unknownHost = "unknown-host"
        case connectionRefused = "connection-refused"
        case unreachable
        case connectTimeout = "connect-timeout"
        case certificateUntrusted = "certificate-untrusted"
        case certificateExpired = "certificate-expired"
        case certificateWrongHost = "certificate-wrong-host"
        case caFileUnusable = "ca-file-unusable"
        case tlsFailed = "tls-failed"
        case notHTTP = "not-http"
        case emptyReply = "empty-reply"
        case truncated
        case tooSlow = "too-slow"
        case bodyTooLarge = "body-too-large"
        case headersTooLarge = "headers-too-large"
        case redirectLoop = "redirect-loop"
        case redirectedElsewhere = "redirected-elsewhere"
        case missingKeys = "missing-keys"
        case unknownKey = "unknown-key"
        case notRecognised = "not-recognised"
        case badSecret = "bad-secret"
        case signatureRefused = "signature-refused"
        case keyCannotRead = "key-cannot-read"
        case clockSkew = "clock-skew"
        case nonceRefused = "nonce-refused"
        case authenticationRefused = "authentication-refused"
        case noPermission = "no-permission"
        case blocked
        case wooCommerceOff = "woocommerce-off"
        case notWordPress = "not-wordpress"
        case requestRefused = "request-refused"
        case rateLimited = "rate-limited"
        case maintenance
        case serverError = "server-error"
        case html = "html"
        case notJSON = "not-json"
        case cutOff = "cut-off"
        case wrongShape = "wrong-shape"
        case shortAnswer = "short-answer"
        case ignoresParameters = "ignores-parameters"
        case ordersMoving = "orders-moving"
        case unexpectedStatus = "unexpected-status"
        case noWebhookSecret = "no-webhook-secret"
        case noAnswerFromHolder = "no-answer-from-holder"
        case stopped
    }

    public let kind: Kind
    /// One plain sentence for people: what is wrong, and where it helps, what to do.
    public let sentence: String
    /// How long the shop asked to be left alone, in seconds; nil when it said nothing.
    public let retryAfterSeconds: Double?

    /// The longest Retry-After that is heeded.
    public static let retryAfterSecondsMax = 3600.0

    public init(_ kind: Kind, _ sentence: String, retryAfterSeconds: Double? = nil) {
        self.kind = kind
        self.sentence = sentence
        self.retryAfterSeconds = retryAfterSeconds.map { min(max($0, 0), FeedFailure.retryAfterSecondsMax) }
    }

    /// The stable name of the reason.
    public var slug: String { kind.rawValue }
}

extension FeedFailure: CustomStringConvertible {
    public var description: String { sentence }
}
