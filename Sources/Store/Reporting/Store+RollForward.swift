import Domain
import Postgres

/// From what was there to what is there: opening + sold - used - expired - refunded + adjusted = closing.
public struct RollForwardFigures: Sendable, Hashable {
    public var opening: Int64 = 0
    public var sold: Int64 = 0
    public var used: Int64 = 0
    public var expired: Int64 = 0
    public var refunded: Int64 = 0
    public var adjusted: Int64 = 0
    public var closing: Int64 = 0

    public init() {}

    /// Zero when it adds up.
    public var difference: Int64 { opening + sold - used - expired - refunded + adjusted - closing }

    public static func + (left: RollForwardFigures, right: RollForwardFigures) -> RollForwardFigures {
        var sum = left
        sum.opening += right.opening
        sum.sold += right.sold
        sum.used += right.used
        sum.expired += right.expired
        sum.refunded += right.refunded
        sum.adjusted += right.adjusted
        sum.closing += right.closing
        return sum
    }

    fileprivate init(_ row: inout ReportRow) throws {
        opening = try row.figure()
        sold = try row.figure()
        used = try row.figure()
        expired = try row.figure()
        refunded = try row.figure()
        adjusted = try row.figure()
        closing = try row.figure()
    }
}

/// One line of the roll-forward. `plan` is nil for goodwill and what is owed.
public struct RollForwardRow: Sendable, Hashable {
    public let currency: Currency
    public let plan: String?
    public let channel: Channel
    public let credits: RollForwardFigures
    /// Minor units.
    public let money: RollForwardFigures
}

extension Store {
    /// The roll-forward by currency, plan and channel. The closing figures do not come from the sums: they are what the grants have now, each counted when it
    /// moved (a customer's: as they are), less what moved since the period's end; so a difference would show. What did not exist yet, or no longer moves, has
    /// no row; so no later sale of another plan adds one. The filter's agent is not looked at.
    public func rollForward(of shop: Shop, _ filter: ReportFilter) async throws -> [RollForwardRow] {
        let (since, until) = (filter.sinceSQL, filter.untilSQL)
        let parts = ["sold", "used", "expired", "refunded", "adjusted"]
        func net(_ suffix: String) -> String { "m.sold\(suffix) - m.used\(suffix) - m.expired\(suffix) - m.refunded\(suffix) + m.adjusted\(suffix)" }
        func columns(_ suffix: String, _ state: String) -> String {
            (["sum(\(net(suffix))) FILTER (WHERE m.effective_at < \(since)) AS opening\(suffix)"]
                + parts.map { "sum(m.\($0)\(suffix)) FILTER (WHERE m.effective_at >= \(since) AND m.effective_at < \(until)) AS \($0)\(suffix)" }
                + ["sum(\(net(suffix))) FILTER (WHERE m.effective_at >= \(until)) AS later\(suffix)"]).joined(separator: ", ")
        }
        func shown(_ suffix: String, _ state: String) -> String {
            (["opening"] + parts).map { "coalesce(m.\($0)\(suffix), 0)" }.joined(separator: ", ") + ", coalesce(s.\(state), 0) - coalesce(m.later\(suffix), 0)"
        }
        let grants = filter.customer == nil ? "owed_by_grants(\(shop.id))" : """
            (SELECT x.shop_id, x.ticket_id, x.currency, x.plan_id, x.channel, x.remaining + x.held AS credits, x.value_minor - x.value_taken AS deferred
               FROM credit_grant x)
            """
        let query = """
            WITH moved AS (
                SELECT m.currency, p.name AS plan, m.channel, \(columns("", "credits")), \(columns("_minor", "money"))
                  FROM \(filter.moves(shop: shop.id, bounds: since, until)) WHERE \(filter.condition("m", shop: shop.id)) GROUP BY 1, 2, 3),
            state AS (
                SELECT g.currency, p.name AS plan, g.channel, sum(g.credits) AS credits, sum(g.deferred) AS money
                  FROM \(grants) g \(ReportFilter.plan("g")) WHERE \(filter.condition("g", shop: shop.id)) GROUP BY 1, 2, 3)
            SELECT coalesce(m.currency, s.currency), coalesce(m.plan, s.plan), coalesce(m.channel, s.channel), \(shown("", "credits")), \(shown("_minor", "money"))
              FROM moved m FULL JOIN state s ON m.currency = s.currency AND m.channel = s.channel AND coalesce(m.plan, '') = coalesce(s.plan, '')
             WHERE (\(shown("", "credits"))) IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0) OR (\(shown("_minor", "money"))) IS DISTINCT FROM (0, 0, 0, 0, 0, 0, 0)
             ORDER BY 1, coalesce(m.plan, s.plan) COLLATE "C" NULLS LAST, 3
            """
        return try await reportRows(query) { row in
            RollForwardRow(
                currency: try row.currency(), plan: try row.text(), channel: try row.channel(), credits: try RollForwardFigures(&row),
                money: try RollForwardFigures(&row))
        }
    }
}
