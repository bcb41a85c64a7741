/// How one order line's entitlement in one channel is shared over the grants that answer to the line: its own, and those that transfers
/// made of it. One grant alone simply gets what there is.
public enum EntitlementShare {
    /// A grant as the sharing sees it, in credits. What adjustments and transfers took is no longer the grant's to answer for.
    public struct Part: Hashable, Sendable {
        public let grant: GrantID
        public let granted: Int64
        /// What adjustments and transfers out took from it.
        public let taken: Int64
        /// Of `taken`, what transfers moved to another grant of the line, which answers for it from then on.
        public let moved: Int64
        public let used: Int64
        public let held: Int64
        public let expired: Int64
        /// What its order took back, without `taken`.
        public let revoked: Int64

        public init(
            grant: GrantID, granted: Int64, taken: Int64 = 0, moved: Int64 = 0, used: Int64 = 0, held: Int64 = 0, expired: Int64 = 0,
            revoked: Int64 = 0
        ) {
            self.grant = grant
            self.granted = granted
            self.taken = taken
            self.moved = moved
            self.used = used
            self.held = held
            self.expired = expired
            self.revoked = revoked
        }

        /// What is neither revoked nor otherwise spoken for.
        public var remaining: Int64 { granted - taken - used - held - expired - revoked }

        /// What adjustments took: it comes on top of what the order takes back.
        public var corrected: Int64 { taken - moved }

        /// What the order should have taken back when it entitles the grant to `entitled`:
        /// clamp(granted - moved - entitled, 0, granted - taken - used - held - expired).
        public func revoked(entitled: Int64) -> Int64 {
            min(max(granted - moved - entitled, 0), granted - taken - used - held - expired)
        }

        /// Used, but no longer entitled to.
        public func shortfall(entitled: Int64) -> Int64 { max(0, used - entitled) }
    }

    /// The share of each grant. Covered first, each over all grants by id, is what was used, what is held, what has expired, what adjustments
    /// took, what remains where it is, and last what was revoked: so credits stay on the ticket they were moved to for as long as the order entitles to them,
    /// and are given back to the oldest grant first.
    public static func split(_ entitled: Int64, over parts: [Part]) -> [GrantID: Int64] {
        if parts.count == 1, let only = parts.first { return [only.grant: min(entitled, only.granted - only.moved)] }
        let parts = parts.sorted { $0.grant < $1.grant }
        var shares = Dictionary(uniqueKeysWithValues: parts.map { ($0.grant, Int64(0)) })
        var left = entitled
        for layer: KeyPath<Part, Int64> in [\.used, \.held, \.expired, \.corrected, \.remaining, \.revoked] {
            for part in parts {
                let share = min(left, part[keyPath: layer])
                shares[part.grant, default: 0] += share
                left -= share
            }
        }
        return shares
    }
}
