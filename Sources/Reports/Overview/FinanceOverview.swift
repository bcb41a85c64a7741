import Domain
import Store

/// The figures of finance's page: the period's roll-forward, what led to it month by month, and what expires ahead. Of one currency, because
/// figures of different currencies are never added.
public struct FinanceOverview: Sendable, Hashable {
    public struct Month: Sendable, Hashable {
        /// Its first day.
        public let start: CivilDay
        /// Credits, as many as `channels`.
        public let usedCredits: [Int64]
        public let soldValue: Int64
        public let usedValue: Int64
        /// What was owed at its end; of the last one, at the end of the period.
        public let owedValue: Int64
    }

    public let currency: Currency
    /// Of the period, the chosen one among them.
    public let currencies: [Currency]
    /// Over the period.
    public let credits: RollForwardFigures
    /// Minor units.
    public let value: RollForwardFigures
    /// What single lines of the roll-forward are off by, added up without their signs: two wrongs make no right.
    public let creditsDifference: Int64
    public let valueDifference: Int64
    public let channels: [Channel]
    /// Oldest first, without a gap.
    public let months: [Month]
    /// One of each span, in their order.
    public let expiry: [ExpiryAhead]

    /// `months` are the first days of the months that the charts show; the last one is that of the period's end. What was owed at the end of the
    /// earlier ones follows from what changed since, so `revenue` and `usage` reach from the first of them to the end of the period.
    init(
        currency: Currency, channels: [Channel], rollForward: [RollForwardRow], months: [CivilDay], revenue: [RevenueRow], usage: [UsedCredits],
        expiry: [ExpiryAhead.Span: ExpiryAhead]
    ) {
        self.currency = currency
        self.channels = channels
        currencies = Set(rollForward.map(\.currency) + [currency]).sorted { $0.code < $1.code }
        let own = rollForward.filter { $0.currency == currency }
        credits = own.reduce(RollForwardFigures()) { $0 + $1.credits }
        value = own.reduce(RollForwardFigures()) { $0 + $1.money }
        creditsDifference = own.reduce(0) { $0 + abs($1.credits.difference) }
        valueDifference = own.reduce(0) { $0 + abs($1.money.difference) }
        self.expiry = ExpiryAhead.Span.allCases.map { expiry[$0] ?? ExpiryAhead(span: $0) }

        let money = Dictionary(revenue.filter { $0.currency == currency }.map { ($0.month, $0) }, uniquingKeysWith: { first, _ in first })
        let used = Dictionary(grouping: usage.filter { $0.currency == currency }, by: \.month)
        var (owed, shown) = (value.closing, [Month]())
        for start in months.reversed() {
            let rows = used[start] ?? []
            shown.append(
                Month(
                    start: start, usedCredits: channels.map { channel in rows.filter { $0.channel == channel }.reduce(0) { $0 + $1.credits } },
                    soldValue: money[start]?.sold ?? 0, usedValue: money[start]?.usage ?? 0, owedValue: owed))
            owed -= money[start]?.deferred ?? 0
        }
        self.months = shown.reversed()
    }

    /// Nothing was owed before, nothing happened and nothing is owed.
    public var isEmpty: Bool { credits == RollForwardFigures() && value == RollForwardFigures() }

    public var addsUp: Bool { creditsDifference == 0 && valueDifference == 0 }

    /// What is owed now, and what would be left of it in 30, 60 and 90 days if nothing were sold or used.
    public var burnDown: [(span: ExpiryAhead.Span?, value: Int64)] {
        var left = expiry.reduce(0) { $0 + $1.value }
        return [(nil, left)]
            + expiry.filter { $0.span.daysEnd != nil }.map { bucket in
                left -= bucket.value
                return (bucket.span, left)
            }
    }
}
