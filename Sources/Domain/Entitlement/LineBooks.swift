/// The books of one order line, in minor units of its currency: what was sold, what of it went back, what was recognised as revenue, and what its
/// grants still defer. After every change sold = refunded + recognised + deferred. (The rule and its source: Sources/Reports/README.md.)
public struct LineBooks: Hashable, Sendable {
    /// The books of one channel.
    public struct Part: Hashable, Sendable {
        /// The channel's share of the line's total, as the order is now.
        public var list: Int64
        /// The credits that `list` is for.
        public var credits: Int64
        public var sold: Int64 = 0
        /// What went back: of revoked credits, and by revaluations.
        public var refunded: Int64 = 0
        /// Revenue that no credit was used for; below 0 when more went back than was still unused.
        public var corrected: Int64 = 0

        public init(list: Int64, credits: Int64) { (self.list, self.credits) = (list, credits) }
    }

    /// A grant of the line, as the books see it.
    public struct Grant: Hashable, Sendable {
        public let id: GrantID
        public let channel: Channel
        /// Credits that remain or are held.
        public let unused: Int64
        /// What it defers.
        public let deferred: Int64

        public init(id: GrantID, channel: Channel, unused: Int64, deferred: Int64) {
            (self.id, self.channel, self.unused, self.deferred) = (id, channel, unused, deferred)
        }
    }

    /// What of the line's money the shop keeps, after refunds.
    public var net: Int64
    public var parts: [Channel: Part]
    /// The order's money changed in a way that its credits did not tell.
    public var isRevalued = false

    public init(net: Int64 = 0, parts: [Channel: Part] = [:]) { (self.net, self.parts) = (net, parts) }

    /// True where the books do not say what the order says.
    public var isOff: Bool { parts.values.reduce(0) { $0 + $1.sold - $1.refunded } != net || parts.values.contains { $0.sold != $0.list } }

    /// Brings the books to the order's money: unused credits share what the shop keeps and was not recognised yet, by their list value; what went back
    /// beyond them is negative revenue, what is kept without anything left to give is revenue. Answers what each grant defers from then on.
    public mutating func settle(_ grants: [Grant]) -> [GrantID: Int64] {
        let channels = parts.keys.sorted()
        let revenue = channels.map { recognised($0, grants) }
        let total = revenue.reduce(0, +)
        let deferred = grants.contains { $0.unused > 0 } ? max(0, net - total) : 0
        let corrected = net - total - deferred

        let grants = grants.sorted { $0.id < $1.id }
        let defers = LineBooks.share(deferred, weights: weights(of: grants))
        let corrections = LineBooks.share(corrected, weights: corrected > 0 ? channels.map { parts[$0]?.list ?? 0 } : revenue)
        for (index, channel) in channels.enumerated() {
            guard var part = parts[channel] else { continue }
            let own = zip(grants, defers).filter { $0.0.channel == channel }.reduce(Int64(0)) { $0 + $1.1 }
            part.sold = part.list
            part.corrected = corrections[index]
            part.refunded = part.sold - revenue[index] - part.corrected - own
            parts[channel] = part
        }
        isRevalued = true
        return Dictionary(uniqueKeysWithValues: zip(grants.map(\.id), defers))
    }

    /// By used, expired and withdrawn credits.
    public func recognised(_ channel: Channel, _ grants: [Grant]) -> Int64 {
        guard let part = parts[channel] else { return 0 }
        return part.sold - part.refunded - part.corrected - grants.reduce(0) { $0 + ($1.channel == channel ? $1.deferred : 0) }
    }

    /// By what their unused credits cost; evenly over the credits where nothing cost anything.
    private func weights(of grants: [Grant]) -> [Int64] {
        let weights = grants.map { grant in
            CumulativeValue.rounded(parts[grant.channel]?.list ?? 0, grant.unused, over: max(parts[grant.channel]?.credits ?? 0, 1))
        }
        return weights.contains { $0 > 0 } ? weights : grants.map(\.unused)
    }

    /// The parts, which sum to the value exactly, rounded cumulatively in their order.
    static func share(_ value: Int64, weights: [Int64]) -> [Int64] {
        let whole = weights.reduce(Int128(0)) { $0 + Int128($1) }
        var (weight, before) = (Int128(0), Int64(0))
        return weights.map { part in
            weight += Int128(part)
            let through = CumulativeValue.rounded(value, weight, over: whole)
            defer { before = through }
            return through - before
        }
    }
}
