/// When a counter is low: at or below a number of credits, or at or below a percentage of the last purchase.
public enum LowMark: Hashable, Codable, Sendable {
    case count(Int64)
    /// 0 to 100.
    case percent(Int)

    /// Reads `"20%"` or `"2"`; nil for anything else, a negative number, or more than 100 %.
    public init?(text: String) {
        guard let first = text.utf8.first, (0x30...0x39).contains(first) else { return nil }
        if text.hasSuffix("%") {
            guard let percent = Int(text.dropLast()), (0...100).contains(percent) else { return nil }
            self = .percent(percent)
        } else {
            guard let count = Int64(text), (0...CreditCount.valueMax).contains(count) else { return nil }
            self = .count(count)
        }
    }

    /// True when `remaining` credits of the `purchased` last are low.
    public func isReached(remaining: Int64, purchased: Int64) -> Bool {
        switch self {
        case .count(let count): remaining <= count
        case .percent(let percent): Int128(remaining) * 100 <= Int128(purchased) * Int128(percent)
        }
    }
}

/// A plan's low marks: one for every channel, or one for each that is named.
public enum LowMarks: Hashable, Codable, Sendable {
    case everyChannel(LowMark)
    case byChannel([Channel: LowMark])

    public static let none = LowMarks.byChannel([:])

    public func mark(for channel: Channel) -> LowMark? {
        switch self {
        case .everyChannel(let mark): mark
        case .byChannel(let marks): marks[channel]
        }
    }
}
