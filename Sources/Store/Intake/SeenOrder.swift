import Crypto
import Domain
import FoundationEssentials

/// How an order came to be seen.
public enum OrderSource: String, Sendable, Hashable, CaseIterable {
    case poll, webhook, delivery, sweep, replay
    case importing = "import"
}

/// One sight of an order: what the shop said, word for word, what it means, and when it was seen.
public struct SeenOrder: Sendable {
    public let order: ShopOrder
    /// As the shop wrote it.
    public let payload: String
    /// The list of refunds as the shop wrote it; nil when it was not read.
    public let refunds: String?
    /// The moment of the read, or a delivery's `received_at`. Rounded to PostgreSQL's microseconds.
    public let seenAt: Date
    public let source: OrderSource
    let hash: [UInt8]

    public init(order: ShopOrder, payload: String, refunds: String?, seenAt: Date, source: OrderSource) {
        var order = order
        order.modifiedAt = Timestamp.rounded(order.modifiedAt)
        self.order = order
        self.payload = payload
        self.refunds = refunds
        self.seenAt = Timestamp.rounded(seenAt)
        self.source = source
        var hash = SHA256()
        hash.update(data: Array(payload.utf8))
        hash.update(data: [UInt8(0)])
        if let refunds { hash.update(data: Array(refunds.utf8)) }
        self.hash = Array(hash.finalize())
    }

    /// P2: an order's version is its modification time, then the moment it was seen.
    func isNewer(thanModified modified: Date, seen: Date) -> Bool {
        order.modifiedAt != modified ? order.modifiedAt > modified : seenAt > seen
    }

    /// Trimmed and case-folded; nil when the shop gave none.
    var email: String? {
        let folded = order.email.trimmingSpaces.lowercased()
        return folded.isEmpty ? nil : folded
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = Substring(self)
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}

/// What an intake did, in orders.
public struct IntakeFigures: Sendable, Hashable, Codable {
    /// Documents that were looked at.
    public var seen = 0
    /// Orders of paid support that were new or came to entitle to something else.
    public var changed = 0
    /// Orders without a line that a plan matches, or older than the shop's `since`.
    public var ignored = 0
    /// Documents that were not understood, and are kept.
    public var rejected = 0

    public init() {}

    public static func += (sum: inout IntakeFigures, more: IntakeFigures) {
        sum.seen += more.seen
        sum.changed += more.changed
        sum.ignored += more.ignored
        sum.rejected += more.rejected
    }
}
