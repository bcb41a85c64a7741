import Domain

/// The figures of finance's page: one currency's money, and all credits.
///
/// Pure: it adds up what the roll-forward and the liability report say. Figures of different currencies are never added.
public struct FinanceOverview: Sendable, Hashable {
    public struct Month: Sendable, Hashable {
        /// Its first day.
        public let start: CivilDay
        /// Credits, as many as `channels`.
        public let usedCredits: [Int64]
        public let soldValue: Int64
        public let usedValue: Int64
        /// What was owed at its end.
        public let owedValue: Int64
    }

    public let currency: Currency
    /// Of the period's figures, the chosen one among them.
    public let currencies: [Currency]
    /// Over the period.
    public let credits: Movements
    public let value: Movements
    public let channels: [Channel]
    /// Oldest first, without a gap.
    public let months: [Month]
    /// One of each span, in their order.
    public let expiry: [ExpiryAhead]

    /// `period` are the movements of the period, `monthly` those of the months that the charts show, `months` the first days of these.
    public init(
        currency: Currency, period: [ChannelMovements], monthly: [ChannelMovements], months: [CivilDay], expiry: [ExpiryAhead], channels: [Channel]
    ) {
        self.currency = currency
        let others = (period + monthly).compactMap(\.currency) + expiry.compactMap(\.currency)
        currencies = Set(others + [currency]).sorted { $0.code < $1.code }
        credits = period.reduce(.none) { $0 + $1.credits }
        value = period.filter { $0.currency == currency }.reduce(.none) { $0 + $1.value }
        let shown = channels + Set(monthly.map(\.channel)).subtracting(channels).sorted { $0.rawValue < $1.rawValue }
        self.channels = shown
        let byMonth = Dictionary(grouping: monthly, by: \.start)
        self.months = months.map { start in
            let rows = byMonth[start] ?? []
            let money = rows.filter { $0.currency == currency }.reduce(Movements.none) { $0 + $1.value }
            return Month(
                start: start, usedCredits: shown.map { channel in rows.filter { $0.channel == channel }.reduce(0) { $0 + $1.credits.used } },
                soldValue: money.sold, usedValue: money.used, owedValue: money.closing)
        }
        self.expiry = ExpiryAhead.Span.allCases.map { span in
            let rows = expiry.filter { $0.span == span }
            return ExpiryAhead(
                span: span, currency: currency, credits: rows.reduce(0) { $0 + $1.credits },
                value: rows.filter { $0.currency == currency }.reduce(0) { $0 + $1.value })
        }
    }

    /// Nothing was owed before, nothing happened and nothing is owed.
    public var isEmpty: Bool { credits.isNone && value.isNone }

    public var addsUp: Bool { credits.difference == 0 && value.difference == 0 }

    /// What would be left in 30, 60 and 90 days of what is owed now if nothing were sold or used, beginning with what is owed now.
    public var burnDown: [(span: ExpiryAhead.Span?, value: Int64)] {
        var left = expiry.reduce(0) { $0 + $1.value }
        return [(nil, left)]
            + expiry.filter { $0.span.daysEnd != nil }.map { bucket in
                left -= bucket.value
                return (bucket.span, left)
            }
    }
}
