import Domain
import FoundationEssentials
import Store

extension FinanceOverview {
    /// Months that the charts show, that of the period's end the last.
    public static let monthsShown = 12

    /// What the overview is of. The days are those of the shop's zone, both included; what is nil filters nothing.
    public struct Question: Sendable, Hashable {
        public var from: CivilDay
        public var through: CivilDay
        /// By name.
        public var plan: String?
        public var channel: Channel?
        public var customer: CustomerID?
        /// The shop's own unless given, or the first that there are figures in.
        public var currency: Currency?

        public init(from: CivilDay, through: CivilDay, plan: String? = nil, channel: Channel? = nil, customer: CustomerID? = nil, currency: Currency? = nil) {
            self.from = from
            self.through = through
            self.plan = plan
            self.channel = channel
            self.customer = customer
            self.currency = currency
        }
    }

    /// Reads the figures: the roll-forward of the period, revenue and usage of the months before it, and what is owed at its end, now at the
    /// latest. What is due by then is written first, as for the files (P8).
    public static func load(_ store: Store, shop: Shop, _ question: Question) async throws -> FinanceOverview {
        try await store.settleForReport()
        let until = shop.zone.firstInstant(of: question.through.adding(days: 1))
        var filter = ReportFilter(
            since: shop.zone.firstInstant(of: question.from), until: until, plan: question.plan, channel: question.channel, customer: question.customer)
        let rows = try await store.rollForward(of: shop, filter)
        let found = rows.map(\.currency)
        let currency = question.currency ?? (found.contains(shop.currency) ? shop.currency : found.first ?? shop.currency)

        let months = months(through: question.through)
        filter.since = shop.zone.firstInstant(of: months.first ?? question.from)
        filter.currency = currency
        let ownFilter = filter
        async let revenue = store.revenue(of: shop, ownFilter)
        async let used = store.usedCredits(of: shop, ownFilter)
        async let expiry = expiry(store, shop, ownFilter, at: min(store.clock(), until.addingTimeInterval(-0.000_001)))
        let usage = try await used
        let retired = Set(usage.map(\.channel)).subtracting(shop.channels).sorted()
        return FinanceOverview(
            currency: currency, channels: shop.channels + retired, rollForward: rows, months: months, revenue: try await revenue, usage: usage,
            expiry: try await expiry)
    }

    /// The first days of the months, oldest first.
    static func months(through day: CivilDay) -> [CivilDay] {
        let last = day.year * 12 + day.month - 1
        return (last - monthsShown + 1...last).compactMap { CivilDay(year: max(1, $0 / 12), month: $0 % 12 + 1, day: 1) }
    }

    private static func expiry(_ store: Store, _ shop: Shop, _ filter: ReportFilter, at instant: Date) async throws -> [ExpiryAhead.Span: ExpiryAhead] {
        var spans: [ExpiryAhead.Span: ExpiryAhead] = [:]
        for owed in try await store.owedAhead(of: shop, at: instant, filter, ends: ExpiryAhead.Span.allCases.compactMap(\.daysEnd).map(Int64.init)) {
            let span = ExpiryAhead.Span(days: owed.days)
            spans[span, default: ExpiryAhead(span: span)].credits += owed.credits
            spans[span, default: ExpiryAhead(span: span)].value += owed.deferred
        }
        return spans
    }
}
