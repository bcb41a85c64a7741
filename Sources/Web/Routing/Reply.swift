import HTTPTypes
import Hummingbird
import Store

/// What a handler answers, before it becomes bytes on a connection.
struct Reply: Sendable {
    enum Content: String, Sendable {
        case json = "application/json"
        case problem = "application/problem+json"
        case csv = "text/csv; charset=utf-8; header=present"
        case jsonLines = "application/jsonl"
        case xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        case text = "text/plain; charset=utf-8"
        case metrics = "text/plain; version=0.0.4; charset=utf-8"
        case html = "text/html; charset=utf-8"
        case events = "text/event-stream; charset=utf-8"
        case css = "text/css; charset=utf-8"
        case script = "text/javascript; charset=utf-8"
        case svg = "image/svg+xml"
    }

    enum Body: Sendable {
        case empty
        case text(String)
        case bytes([UInt8])
        /// Written piece by piece; the writer returns only when the connection has room again.
        case stream(@Sendable (_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void)
    }

    /// What browsers are told about it.
    enum Policy: Sendable { case api, page, asset }

    var status: Int
    var content: Content = .json
    var body: Body
    var headers: [(name: HTTPField.Name, value: String)] = []
    var policy = Policy.api

    static func json(_ status: Int = 200, capacity: Int = 1024, _ fields: (inout JSONWriter) -> Void) -> Reply {
        var json = JSONWriter(capacity: capacity)
        json.object(fields)
        return Reply(status: status, body: .bytes(json.bytes))
    }

    /// 200 with what writes itself.
    static func written(_ write: (inout JSONWriter) -> Void) -> Reply {
        var json = JSONWriter()
        write(&json)
        return Reply(status: 200, body: .bytes(json.bytes))
    }

    /// The ledger's answer, byte for byte (P5).
    static func answer(_ answer: Answer) -> Reply {
        Reply(
            status: answer.status, content: answer.isSuccess ? .json : .problem, body: .text(answer.body),
            headers: answer.isReplayed ? [(.idempotencyReplayed, "true")] : [])
    }

    static func problem(_ problem: Problem) -> Reply {
        var reply = Reply(status: problem.status, content: .problem, body: .text(problem.body))
        if let seconds = problem.retryAfterSeconds { reply.headers.append((.retryAfter, String(seconds))) }
        if !problem.allowed.isEmpty { reply.headers.append((.allow, problem.allowed.joined(separator: ", "))) }
        if problem.isChallenge { reply.headers.append((.wwwAuthenticate, "Bearer realm=\"supportmeter\"")) }
        return reply
    }

    static let nothing = Reply(status: 204, body: .empty)
}

extension HTTPField.Name {
    static let idempotencyKey = HTTPField.Name(known: "Idempotency-Key")
    static let idempotencyReplayed = HTTPField.Name(known: "Idempotency-Replayed")
    static let requestID = HTTPField.Name(known: "X-Request-ID")
    static let contentTypeOptions = HTTPField.Name(known: "X-Content-Type-Options")
    static let referrerPolicy = HTTPField.Name(known: "Referrer-Policy")

    /// `name` is written here in the source and is a token as RFC 9110 wants it; `Date` stands in for the impossible.
    init(known name: String) { self = HTTPField.Name(name) ?? .date }
}

extension HTTPField.Name {
    static let webhookTopic = HTTPField.Name(known: "X-WC-Webhook-Topic")
    static let webhookSignature = HTTPField.Name(known: "X-WC-Webhook-Signature")
}
