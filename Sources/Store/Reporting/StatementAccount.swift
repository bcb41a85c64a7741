import Domain

/// What a statement keeps a balance of: a customer's credits of one channel that were paid for in one currency, over all tickets.
public struct StatementAccount: Sendable, Hashable, Comparable, CustomStringConvertible {
    public let channel: Channel
    public let currency: Currency

    public init(channel: Channel, currency: Currency) {
        self.channel = channel
        self.currency = currency
    }

    public static func < (left: StatementAccount, right: StatementAccount) -> Bool {
        (left.channel, left.currency.code) < (right.channel, right.currency.code)
    }

    public var description: String { "\(channel) \(currency)" }
}

/// What is there of an account.
public struct StatementBalance: Sendable, Hashable {
    /// Credits that remain or are held.
    public var credits: Int64
    /// What they defer, in minor units.
    public var deferred: Int64

    public init(credits: Int64 = 0, deferred: Int64 = 0) {
        self.credits = credits
        self.deferred = deferred
    }
}
