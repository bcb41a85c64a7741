import FoundationEssentials

/// Which credits are spent first (P7).
public enum BurnOrder {
    /// A grant as spending sees it.
    public struct Lot: Hashable, Sendable {
        public let grant: GrantID
        /// Credits left in it.
        public let remaining: Int64
        /// Nil: never.
        public let expiresAt: Date?
        public let createdAt: Date

        public init(grant: GrantID, remaining: Int64, expiresAt: Date?, createdAt: Date) {
            self.grant = grant
            self.remaining = remaining
            self.expiresAt = expiresAt
            self.createdAt = createdAt
        }

        /// Expired at the instant itself.
        public func isExpired(at now: Date) -> Bool { expiresAt.map { $0 <= now } ?? false }
    }

    /// Credits taken from one grant.
    public struct Slice: Hashable, Codable, Sendable {
        public let grant: GrantID
        public let quantity: Int64

        public init(grant: GrantID, quantity: Int64) {
            self.grant = grant
            self.quantity = quantity
        }
    }

    /// The lots that can be spent, in the order they are: earliest expiry (none last), then oldest, then id.
    public static func sorted(_ lots: [Lot], now: Date) -> [Lot] {
        lots.filter { $0.remaining > 0 && !$0.isExpired(at: now) }.sorted { left, right in
            let (leftEnd, rightEnd) = (left.expiresAt ?? .distantFuture, right.expiresAt ?? .distantFuture)
            if leftEnd != rightEnd { return leftEnd < rightEnd }
            return left.createdAt != right.createdAt ? left.createdAt < right.createdAt : left.grant < right.grant
        }
    }

    /// Slices that sum to `quantity`; nil when the lots do not suffice. Empty for a quantity of 0 or less.
    public static func take(_ quantity: Int64, from lots: [Lot], now: Date) -> [Slice]? {
        var left = max(quantity, 0)
        var slices: [Slice] = []
        for lot in sorted(lots, now: now) where left > 0 {
            let part = min(left, lot.remaining)
            slices.append(Slice(grant: lot.grant, quantity: part))
            left -= part
        }
        return left == 0 ? slices : nil
    }
}
