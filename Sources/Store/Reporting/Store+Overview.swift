import Domain
import FoundationEssentials
import Postgres

/// Credits of a channel that were used in a month, net of what was given back.
public struct UsedCredits: Sendable, Hashable {
    /// Its first day.
    public let month: CivilDay
    public let channel: Channel
    public let currency: Currency
    public let credits: Int64

    public init(month: CivilDay, channel: Channel, currency: Currency, credits: Int64) {
        self.month = month
        self.channel = channel
        self.currency = currency
        self.credits = credits
    }
}

/// What is owed and expires within one span of days.
public struct OwedAhead: Sendable, Hashable {
    /// The last day in the span on which anything expires, counted from the instant asked for; nil: never.
    public let days: Int64?
    public let credits: Int64
    /// Minor units.
    public let deferred: Int64
}

extension Store {
    /// Credits used by month and channel, from the totals where the filter allows. Its agent is not looked at.
    public func usedCredits(of shop: Shop, _ filter: ReportFilter) async throws -> [UsedCredits] {
        let query = """
            SELECT \(Store.localMonth("m.effective_at", shop)), m.channel, m.currency, sum(m.used)
              FROM \(filter.moves(shop: shop.id, bounds: filter.sinceSQL, filter.untilSQL))
             WHERE \(filter.condition("m", shop: shop.id)) AND m.effective_at >= \(filter.sinceSQL) AND m.effective_at < \(filter.untilSQL)
             GROUP BY 1, 2, 3 HAVING sum(m.used) <> 0 ORDER BY 1, 2, 3
            """
        return try await reportRows(query) { row in
            guard let month = try row.day() else { throw PostgresError(.decoding, "a month is missing") }
            return UsedCredits(month: month, channel: try row.channel(), currency: try row.currency(), credits: try row.figure())
        }
    }

    /// What is owed as of an instant in one currency, added up by spans of days until it expires: the sums of `liability`, told by the ledger. `ends` are the
    /// spans' last days and rise; what expires later is one more, and what never does.
    public func owedAhead(of shop: Shop, at instant: Date, _ filter: ReportFilter, ends: [Int64]) async throws -> [OwedAhead] {
        let spans = ends.map { "WHEN r.days <= \($0) THEN \($0)" }.joined(separator: " ")
        let days = Store.days(until: "x.expires_at", from: ReportFilter.instant(instant))
        let query = """
            SELECT max(r.days), sum(r.credits), sum(r.deferred) FROM (
                SELECT \(days) AS days, sum(x.credits) AS credits, sum(x.deferred) AS deferred FROM (\(Store.owedTotals(of: shop, at: instant, filter))) x
                 GROUP BY x.expires_at HAVING sum(x.credits) <> 0 OR sum(x.deferred) <> 0) r
             GROUP BY r.days IS NULL, CASE \(spans) END ORDER BY 1
            """
        return try await reportRows(query) { row in
            OwedAhead(days: try row.whole(), credits: try row.figure(), deferred: try row.figure())
        }
    }
}
