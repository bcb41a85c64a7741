import Domain
import Postgres

/// A month's revenue in one currency, in minor units, and what moved beside it.
public struct RevenueRow: Sendable, Hashable {
    /// Its first day.
    public let month: CivilDay
    public let currency: Currency
    /// What customers were asked to pay for credits: deferred, no revenue.
    public let sold: Int64
    /// Recognised because credits were used, net of what was given back.
    public let usage: Int64
    /// Recognised because credits expired.
    public let breakage: Int64
    /// Recognised because staff took credits back without a refund.
    public let withdrawn: Int64
    /// Revenue that no credit was used for: below zero for what was refunded beyond the unused credits.
    public let corrected: Int64
    /// What went back to customers.
    public let refunded: Int64

    public var revenue: Int64 { usage + breakage + withdrawn + corrected }
    /// What the month adds to what is owed.
    public var deferred: Int64 { sold - refunded - revenue }
}

extension Store {
    /// Revenue by month and currency. The filter's agent is not looked at.
    public func revenue(of shop: Shop, _ filter: ReportFilter) async throws -> [RevenueRow] {
        let query = """
            SELECT \(Store.localMonth("m.effective_at", shop)), m.currency, sum(m.sold_minor), sum(m.used_minor), sum(m.expired_minor),
                   -sum(m.adjusted_minor) FILTER (WHERE m.kind = 'adjustment-out'), sum(m.corrected_minor), sum(m.refunded_minor)
              FROM \(filter.moves(shop: shop.id, bounds: filter.sinceSQL, filter.untilSQL))
             WHERE \(filter.condition("m", shop: shop.id)) AND m.effective_at >= \(filter.sinceSQL) AND m.effective_at < \(filter.untilSQL)
             GROUP BY 1, 2
            HAVING bool_or(m.sold_minor <> 0 OR m.used_minor <> 0 OR m.expired_minor <> 0 OR m.adjusted_minor <> 0 OR m.refunded_minor <> 0)
             ORDER BY 2, 1
            """
        return try await reportRows(query) { row in
            guard let month = try row.day() else { throw PostgresError(.decoding, "a month is missing") }
            return RevenueRow(
                month: month, currency: try row.currency(), sold: try row.figure(), usage: try row.figure(), breakage: try row.figure(),
                withdrawn: try row.figure(), corrected: try row.figure(), refunded: try row.figure())
        }
    }
}
