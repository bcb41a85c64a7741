import Domain

/// What a write is answered with, over HTTP and from the CLI alike: these bytes are kept with the idempotency key.
public struct Answer: Sendable, Hashable {
    /// An HTTP status.
    public let status: Int
    /// JSON: `application/json` below 400, else `application/problem+json` (RFC 9457).
    public let body: String
    /// True when it was given before: nothing happened this time.
    public let isReplayed: Bool
    /// What was refused, for whoever says it in another language; nil for a success, and for an answer that was kept with its key.
    public let refusal: Refusal?

    public init(status: Int, body: String, isReplayed: Bool = false, refusal: Refusal? = nil) {
        self.refusal = refusal
        self.status = status
        self.body = body
        self.isReplayed = isReplayed
    }

    /// The same bytes are the same answer.
    public static func == (left: Answer, right: Answer) -> Bool {
        left.status == right.status && left.body == right.body && left.isReplayed == right.isReplayed
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(status)
        hasher.combine(body)
    }

    public var isSuccess: Bool { status < 400 }

    /// P5: successes, and refusals by the ledger.
    var isStored: Bool { isSuccess || status == 402 || status == 404 || status == 409 }

    /// A refusal as `application/problem+json`.
    public static func refused(_ refusal: Refusal) -> Answer {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.field("type", "urn:supportmeter:problem:" + refusal.type)
            json.field("title", refusal.title)
            json.field("status", refusal.status)
            json.field("detail", refusal.detail)
            if let field = refusal.field { json.field("field", field) }
            if case .insufficientCredits(let channel, let needed, let remaining, let pool, let topUpURL) = refusal {
                json.field("channel", channel.rawValue)
                json.field("needed", needed)
                json.field("remaining", remaining)
                json.field("pool", pool)
                json.field("top_up_url", topUpURL)
            }
        }
        return Answer(status: refusal.status, body: json.text, refusal: refusal)
    }
}
