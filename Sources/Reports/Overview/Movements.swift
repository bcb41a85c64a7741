import Domain

/// What became of what is owed, over a period: credits, or minor units of one currency. `adjusted` has its sign, the others count what
/// happened: `opening + sold - used - expired - refunded + adjusted = closing`.
public struct Movements: Sendable, Hashable {
    public var opening: Int64
    public var sold: Int64
    public var used: Int64
    public var expired: Int64
    public var refunded: Int64
    public var adjusted: Int64
    public var closing: Int64

    public static let none = Movements()

    public init(
        opening: Int64 = 0, sold: Int64 = 0, used: Int64 = 0, expired: Int64 = 0, refunded: Int64 = 0, adjusted: Int64 = 0, closing: Int64 = 0
    ) {
        self.opening = opening
        self.sold = sold
        self.used = used
        self.expired = expired
        self.refunded = refunded
        self.adjusted = adjusted
        self.closing = closing
    }

    /// What the closing figure is off by; zero when it adds up.
    public var difference: Int64 { opening + sold - used - expired - refunded + adjusted - closing }

    public var isNone: Bool { self == .none }

    public static func + (left: Movements, right: Movements) -> Movements {
        Movements(
            opening: left.opening + right.opening, sold: left.sold + right.sold, used: left.used + right.used, expired: left.expired + right.expired,
            refunded: left.refunded + right.refunded, adjusted: left.adjusted + right.adjusted, closing: left.closing + right.closing)
    }
}

/// The movements of one channel in one currency, over a month or over the whole period.
public struct ChannelMovements: Sendable, Hashable {
    /// The first day of the month, or of the period.
    public let start: CivilDay
    public let channel: Channel
    /// Nil for credits that bear no money: goodwill.
    public let currency: Currency?
    public let credits: Movements
    /// In minor units of the currency.
    public let value: Movements

    public init(start: CivilDay, channel: Channel, currency: Currency?, credits: Movements, value: Movements) {
        self.start = start
        self.channel = channel
        self.currency = currency
        self.credits = credits
        self.value = value
    }
}

/// What expires within a span of days from an instant, if nobody uses it before.
public struct ExpiryAhead: Sendable, Hashable {
    public enum Span: String, Sendable, Hashable, CaseIterable {
        case days30, days60, days90, later, never

        /// Days from the instant to the end of the span; nil for what has no end.
        public var daysEnd: Int? {
            switch self {
            case .days30: 30
            case .days60: 60
            case .days90: 90
            case .later, .never: nil
            }
        }
    }

    public let span: Span
    public let currency: Currency?
    public let credits: Int64
    public let value: Int64

    public init(span: Span, currency: Currency?, credits: Int64, value: Int64) {
        self.span = span
        self.currency = currency
        self.credits = credits
        self.value = value
    }
}
