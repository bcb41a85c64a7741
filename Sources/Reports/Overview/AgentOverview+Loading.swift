import Domain
import FoundationEssentials
import Store
import Synchronization

extension AgentOverview {
    /// Reads the figures: those of the report `usage` by month and channel of that agent, over the period, and over the months that end with it. What is due by
    /// then is written first, as for the files (P8).
    public static func load(_ store: Store, shop: Shop, agent: String, _ question: FinanceOverview.Question) async throws -> AgentOverview {
        try await store.settleForReport()
        var filter = ReportFilter(
            since: shop.zone.firstInstant(of: question.from), until: shop.zone.firstInstant(of: question.through.adding(days: 1)), plan: question.plan,
            channel: question.channel, customer: question.customer, agent: agent)
        async let isKnown = store.knowsAgent(agent, in: shop.id)
        let period = try await usage(store, shop, filter)
        let found = Set(period.map(\.currency)).sorted { $0.code < $1.code }
        let currency = question.currency ?? (found.contains(shop.currency) ? shop.currency : found.first ?? shop.currency)

        let months = FinanceOverview.months(through: question.through)
        filter.since = shop.zone.firstInstant(of: months.first ?? question.from)
        filter.currency = currency
        let before = try await usage(store, shop, filter)
        let retired = Set(before.compactMap(\.channel)).subtracting(shop.channels).sorted()
        return AgentOverview(
            agent: agent, isKnown: try await isKnown, currency: currency, currencies: found, channels: shop.channels + retired, period: period, months: months,
            before: before)
    }

    private static func usage(_ store: Store, _ shop: Shop, _ filter: ReportFilter) async throws -> [UsageRow] {
        let all = Mutex<[UsageRow]>([])
        try await store.usageReport(of: shop, filter, by: [.month, .channel]) { rows in all.withLock { $0 += rows } }
        return all.withLock { $0 }
    }
}
