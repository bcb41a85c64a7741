import Curl
import FoundationEssentials

/// What a shop answered, of any status, and when it was asked.
struct ShopAnswer: Sendable {
    struct ErrorDocument: Decodable, Sendable {
        let code: String
        let message: String

        enum CodingKeys: String, CodingKey { case code, message }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            code = try fields.decode(String.self, forKey: .code)
            message = (try? fields.decodeIfPresent(String.self, forKey: .message)) ?? ""
        }
    }

    let status: Int
    let body: [UInt8]
    /// The moment the request was sent: what is in the body was true at or after it.
    let sentAt: Date
    /// By OAuth, over plain http.
    let isSigned: Bool
    /// `scheme://host[:port]/path` as it was asked for, for sentences.
    let shop: String
    /// The origin that answered, after redirects.
    let answeredBy: String
    let isFromElsewhere: Bool
    private let response: HTTPResponse

    init(_ response: HTTPResponse, asked: URLParts, sentAt: Date, isSigned: Bool) {
        self.response = response
        status = response.status
        body = response.body
        self.sentAt = sentAt
        self.isSigned = isSigned
        shop = asked.safeDescription
        let origin = (try? URLParts(response.effectiveURL))?.origin ?? asked.origin
        answeredBy = origin
        isFromElsewhere = origin != asked.origin
    }

    /// The shop's own error document; nil for HTML and everything else.
    var error: ErrorDocument? { status == 200 ? nil : try? JSONDecoder().decode(ErrorDocument.self, from: Data(body)) }

    var isHTML: Bool { body.first { $0 > 0x20 } == UInt8(ascii: "<") }

    /// `X-WP-Total`, how many orders fit the request; a proxy may have dropped it.
    var total: Int? { response.header("X-WP-Total").flatMap { Int($0) } }
    var totalPages: Int? { response.header("X-WP-TotalPages").flatMap { Int($0) } }

    /// `Retry-After`, as seconds or as a date (RFC 9110, 10.2.3).
    var retryAfterSeconds: Double? {
        guard let text = response.header("Retry-After") else { return nil }
        if let seconds = Double(text), seconds.isFinite { return seconds }
        return HTTPDate.parse(text).map { max(0, $0.timeIntervalSince(sentAt)) }
    }

    /// How far the shop's clock is ahead of ours, from its `Date` header; to the second, and with the request's own duration in it.
    var clockSkewSeconds: Double? {
        response.header("Date").flatMap(HTTPDate.parse).map { $0.timeIntervalSince(sentAt) }
    }

    /// A document that ought to be JSON: throws for HTML and for what is cut off, so that neither is ever read as "none".
    func checkedBody() throws(FeedFailure) -> [UInt8] {
        guard status == 200 else { throw FeedFailure(self) }
        if isHTML { throw FeedFailure(.html, "\(shop) answered with a web page where data was expected: a login page, a firewall, or an error of PHP.") }
        guard body.contains(where: { $0 > 0x20 }) else { throw FeedFailure(.emptyReply, "\(shop) answered 200 with nothing in it.") }
        return body
    }
}
