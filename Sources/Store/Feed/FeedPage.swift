import Domain
import FoundationEssentials

/// A document that was not understood, on its way to be kept.
public struct RejectedDocument: Sendable {
    public var source: OrderSource
    public var order: OrderID?
    /// Of deliveries.
    public var topic: String?
    /// A plain sentence.
    public var reason: String
    /// As it came; bytes that are no UTF-8, and NUL, are replaced.
    public var raw: String
    public var refunds: String?
    /// The moment it was seen: its version.
    public var receivedAt: Date
    /// Listed with its reason but closed: nothing is wrong that anybody could mend.
    public var isSettled: Bool

    public init(
        source: OrderSource, order: OrderID? = nil, topic: String? = nil, reason: String, raw: [UInt8], refunds: String? = nil,
        receivedAt: Date, isSettled: Bool = false
    ) {
        self.source = source
        self.order = order
        self.topic = topic
        self.reason = reason
        self.raw = RawText.storable(raw)
        self.refunds = refunds
        self.receivedAt = receivedAt
        self.isSettled = isSettled
    }
}

/// Text that PostgreSQL can keep.
public enum RawText {
    /// The bytes as UTF-8; what is none, and NUL, becomes U+FFFD.
    public static func storable(_ bytes: [UInt8]) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return bytes.contains(0) ? storable(text) : text
    }

    public static func storable(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }
}

/// What one page of a feed brought. Everything in it is written in one transaction.
public struct FeedPage: Sendable {
    /// Where a page moves the feed to.
    public enum Move: Sendable {
        /// The walk over the default list: all is known up to there.
        case cursor(Date)
        /// The walk over the hidden statuses.
        case hiddenCursor(Date)
        /// The relay's cursor.
        case text(String)
        /// The running sweep has come to this order; nil: it has ended.
        case sweep(after: OrderID?)
        /// It looks for unknown orders on this page of the shop's list next.
        case listed(next: Int)
        /// Stored orders were tried again from the one to the other; nil: to the end. Not moved when a plan import has come between.
        case rematch(from: OrderID, to: OrderID?)
        /// Hints that were followed, with the moment each had then.
        case hints([OrderHint])
        /// Pushed deliveries that were read.
        case deliveries([Int64])
    }

    public var orders: [SeenOrder] = []
    public var rejected: [RejectedDocument] = []
    /// Documents that were understood and concern nobody, such as a product's.
    public var ignored = 0
    /// Orders that answered "no such order" in a sweep.
    public var missing: [OrderID] = []
    /// Kept rejects that this page has made good.
    public var resolved: [RejectID] = []
    public var moves: [Move] = []

    public init() {}
}
