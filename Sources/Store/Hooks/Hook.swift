import Domain
import FoundationEssentials
import Postgres

/// An outgoing webhook.
public struct HookID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

/// One message on its way to one hook.
public struct HookDeliveryID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension HookID: PostgresValue {}
extension HookDeliveryID: PostgresValue {}

/// Where another program wants to be told. Its secret is shown once, when it is made, and is not part of this.
public struct Hook: Sendable, Hashable {
    public let id: HookID
    public let shop: ShopID
    public let url: String
    /// Names of `HookTopic`, sorted.
    public let topics: [String]
    /// Whether it may lie in a private network.
    public let allowsPrivate: Bool
    /// Attempts in a row that failed, over all its deliveries.
    public let failures: Int
    public let createdAt: Date
    public let retiredAt: Date?

    static let columns: SQL = "h.hook_id, h.shop_id, h.url, h.topics, h.allow_private, h.failures, h.created_at, h.retired_at"

    init(_ row: inout Row) throws {
        id = try row.next()
        shop = try row.next()
        url = try row.next()
        topics = try row.next([String].self).sorted()
        allowsPrivate = try row.next()
        failures = try row.next()
        createdAt = try row.next()
        retiredAt = try row.next()
    }

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("url", url)
            json.field("topics") { $0.array(topics) { $0.string($1) } }
            json.field("allow_private", allowsPrivate)
            json.field("failures", failures)
            json.field("created_at", Timestamp.text(createdAt))
            json.field("retired_at", retiredAt.map(Timestamp.text))
        }
    }
}

/// The bounds of what a hook may be.
public enum HookCheck {
    public static let urlBytesMax = 2_000
    /// The addresses that are taken, as a regular expression that ECMAScript and Swift read alike: http or https, a host and perhaps a port, path and
    /// query (RFC 3986); no user, no password, no fragment.
    public static let urlPattern = #"^https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?([/?][A-Za-z0-9._~:/?@!$&'()*+,;=%-]*)?$"#

    static func refusal(url: String) -> Refusal? {
        let expected = "an http:// or https:// address of at most \(urlBytesMax) bytes, without user, password and fragment"
        guard url.utf8.count <= urlBytesMax, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let pattern = try? Regex(urlPattern),
            (try? pattern.wholeMatch(in: url)) != nil, let host = URLComponents(string: url)?.host, !host.isEmpty
        else { return .invalidField(field: "url", expected: expected) }
        return nil
    }

    static func refusal(topics: [String]) -> Refusal? {
        let known = HookTopic.allCases.map(\.rawValue)
        guard !topics.isEmpty, topics.allSatisfy(known.contains) else {
            return .invalidField(field: "topics", expected: "one or more of \(known.joined(separator: ", "))")
        }
        return nil
    }
}
