import Domain
import Store

/// The figures of finance's page when it is of one agent: what was used through him. Sales, expiry and what is owed are nobody's. Of one currency, because
/// figures of different currencies are never added.
public struct AgentOverview: Sendable, Hashable {
    /// Usage of a month and channel, net of what was given back.
    public struct Line: Sendable, Hashable {
        /// The month's first day.
        public let month: CivilDay
        public let channel: Channel
        public let contacts: Int64
        public let credits: Int64
        /// Minor units.
        public let value: Int64
    }

    public struct Month: Sendable, Hashable {
        /// Its first day.
        public let start: CivilDay
        /// Credits, as many as `channels`.
        public let usedCredits: [Int64]
    }

    public let agent: String
    /// Whether anybody of that name ever wrote into the shop's ledger.
    public let isKnown: Bool
    public let currency: Currency
    /// Of the period, the chosen one among them.
    public let currencies: [Currency]
    /// Of the period, by month and channel.
    public let lines: [Line]
    public let channels: [Channel]
    /// Those that the chart shows, oldest first, without a gap.
    public let months: [Month]

    /// `period` is the usage of the period, `before` that of the `months`, the first days of which these are; both by month and channel.
    init(
        agent: String, isKnown: Bool, currency: Currency, currencies: [Currency], channels: [Channel], period: [UsageRow], months: [CivilDay], before: [UsageRow]
    ) {
        self.agent = agent
        self.isKnown = isKnown
        self.currency = currency
        self.currencies = Set(currencies + [currency]).sorted { $0.code < $1.code }
        lines = period.filter { $0.currency == currency }.compactMap { row in
            guard let month = row.month, let channel = row.channel else { return nil }
            return Line(month: month, channel: channel, contacts: row.contacts, credits: row.credits, value: row.value)
        }
        self.channels = channels
        let used = Dictionary(grouping: before.filter { $0.currency == currency }, by: \.month)
        self.months = months.map { start in
            let rows = used[start] ?? []
            return Month(start: start, usedCredits: channels.map { channel in rows.filter { $0.channel == channel }.reduce(0) { $0 + $1.credits } })
        }
    }

    public var contacts: Int64 { lines.reduce(0) { $0 + $1.contacts } }
    public var credits: Int64 { lines.reduce(0) { $0 + $1.credits } }
    /// Minor units.
    public var value: Int64 { lines.reduce(0) { $0 + $1.value } }

    /// He used nothing in the period, nor gave anything back.
    public var isEmpty: Bool { lines.isEmpty }
}
