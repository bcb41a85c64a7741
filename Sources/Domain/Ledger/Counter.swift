/// The figures of one ticket and channel, in credits.
///
/// `granted = remaining + used + held + expired + revoked` always holds, because `remaining` is derived from the others.
/// `shortfall` (used, but no longer entitled to) depends on the orders and so is handed in.
public struct Counter: Hashable, Codable, Sendable {
    public var granted: Int64
    public var used: Int64
    public var held: Int64
    public var expired: Int64
    public var revoked: Int64
    public var shortfall: Int64

    public static let zero = Counter()

    public init(
        granted: Int64 = 0, used: Int64 = 0, held: Int64 = 0, expired: Int64 = 0, revoked: Int64 = 0, shortfall: Int64 = 0
    ) {
        self.granted = granted
        self.used = used
        self.held = held
        self.expired = expired
        self.revoked = revoked
        self.shortfall = shortfall
    }

    public var remaining: Int64 { granted - used - held - expired - revoked }

    /// True when no figure is below zero.
    public var isSound: Bool { min(granted, used, held, expired, revoked) >= 0 && remaining >= 0 && shortfall >= 0 }

    /// Books `credits` credits of an entry of this kind. Does not check the result; `isSound` does.
    public mutating func book(_ kind: EntryKind, credits: Int64) {
        let effect = kind.effect
        granted += effect.granted * credits
        used += effect.used * credits
        held += effect.held * credits
        expired += effect.expired * credits
        revoked += effect.revoked * credits
    }

    /// The sum of two counters, figure by figure.
    public static func + (left: Counter, right: Counter) -> Counter {
        Counter(
            granted: left.granted + right.granted, used: left.used + right.used, held: left.held + right.held,
            expired: left.expired + right.expired, revoked: left.revoked + right.revoked,
            shortfall: left.shortfall + right.shortfall)
    }

    private enum CodingKeys: String, CodingKey { case granted, used, held, expired, revoked, remaining, shortfall }

    /// Reads the stored figures; `remaining` is derived, so a document's own is not read.
    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            granted: try fields.decode(Int64.self, forKey: .granted), used: try fields.decode(Int64.self, forKey: .used),
            held: try fields.decode(Int64.self, forKey: .held), expired: try fields.decode(Int64.self, forKey: .expired),
            revoked: try fields.decode(Int64.self, forKey: .revoked), shortfall: try fields.decode(Int64.self, forKey: .shortfall))
    }

    public func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(granted, forKey: .granted)
        try fields.encode(used, forKey: .used)
        try fields.encode(held, forKey: .held)
        try fields.encode(expired, forKey: .expired)
        try fields.encode(revoked, forKey: .revoked)
        try fields.encode(remaining, forKey: .remaining)
        try fields.encode(shortfall, forKey: .shortfall)
    }
}
