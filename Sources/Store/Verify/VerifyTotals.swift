import Domain
import Postgres

/// The totals that finance reads, of a whole shop: each against what it adds up, in one statement and so of one moment.
enum VerifyTotals {
    private struct Check: Sendable {
        let table: String
        let rule: String
        /// Both as rows `(key, figures)` of text, without those whose figures are all zero.
        let total: SQL
        let told: SQL
    }

    static func firstProblem(_ connection: Connection, shop: ShopID) throws -> VerifyProblem? {
        for check in checks(shop) {
            let problem = try connection.queryOne(
                """
                WITH total AS (\(sql: check.total)), told AS (\(sql: check.told))
                SELECT format('shop %s, %s', \(shop)::bigint, key), coalesce(a.figures, 'nothing'), coalesce(b.figures, 'nothing')
                  FROM total a FULL JOIN told b USING (key) WHERE a.figures IS DISTINCT FROM b.figures ORDER BY key LIMIT 1
                """
            ) { row in VerifyProblem(table: check.table, key: try row.next(), rule: check.rule, found: try row.next(), expected: try row.next()) }
            if let problem { return problem }
        }
        return nil
    }

    private static func checks(_ shop: ShopID) -> [Check] {
        let place: SQL = "format('currency %s, plan %s, channel %s', m.currency, coalesce(m.plan_id, 0), m.channel)"
        let (day, month): (SQL, SQL) = ("(m.effective_at AT TIME ZONE m.time_zone)::date", "date_trunc('month', m.day::timestamp)::date")
        let moveMonth: SQL = "date_trunc('month', m.effective_at AT TIME ZONE m.time_zone)::date"
        let net: SQL = "m.sold - m.used - m.expired - m.refunded + m.adjusted"
        let netMinor: SQL = "m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor"
        func folded(_ view: SQL) -> SQL {
            "(SELECT x.*, f.time_zone FROM \(sql: view) x JOIN ledger_fold f ON f.shop_id = x.shop_id WHERE x.shop_id = \(shop)::bigint AND x.entry_id <= f.folded_through) m"
        }
        func sums(_ key: SQL, _ figures: [SQL], from: SQL) -> SQL {
            let sums: [SQL] = figures.map { "coalesce(sum(\(sql: $0)), 0)" }
            let isSomething: [SQL] = sums.map { "\(sql: $0) <> 0" }
            return """
                SELECT \(sql: key) AS key, concat_ws(', ', \(sql: sums.joined(separator: ", "))) AS figures
                  FROM \(sql: from) WHERE m.shop_id = \(shop)::bigint GROUP BY 1 HAVING \(sql: isSomething.joined(separator: " OR "))
                """
        }
        func moves(_ span: SQL) -> SQL { "format('%s, %s, kind %s', \(sql: span), \(sql: place), m.kind)" }
        func usages(_ span: SQL) -> SQL { "format('%s, %s, actor %s', \(sql: span), \(sql: place), m.actor_id)" }
        func owed(_ span: SQL) -> SQL { "format('%s, %s, expiring %s', \(sql: span), \(sql: place), m.expires_at)" }
        let moved: [SQL] = [net, netMinor, "m.corrected_minor"]
        let used: [SQL] = ["m.contacts", "m.used", "m.used_minor"]
        let ofLedger = "is what the ledger says, as far as it is folded", ofDays = "is the sum of its days"
        return [
            Check(
                table: "grant_total", rule: "is the sum of the grants counted", total: sums(place, ["m.credits", "m.deferred"], from: "grant_total m"),
                told: sums(
                    place, ["c.credits", "c.deferred"],
                    from: "grant_counted c LEFT JOIN credit_grant m ON m.shop_id = c.shop_id AND m.grant_id = c.grant_id")),
            Check(
                table: "ledger_day", rule: ofLedger, total: sums(moves("m.day"), moved, from: "ledger_day m"),
                told: sums(moves(day), moved, from: folded("ledger_move"))),
            Check(
                table: "ledger_month", rule: ofDays, total: sums(moves("m.month"), moved, from: "ledger_month m"),
                told: sums(moves(month), moved, from: "ledger_day m")),
            Check(
                table: "owed_month", rule: ofLedger, total: sums(owed("m.month"), ["m.credits", "m.deferred"], from: "owed_month m"),
                told: sums(owed(moveMonth), [net, netMinor], from: folded("ledger_move"))),
            Check(
                table: "usage_day", rule: ofLedger, total: sums(usages("m.day"), used, from: "usage_day m"),
                told: sums(usages(day), used, from: folded("usage_move"))),
            Check(
                table: "usage_month", rule: ofDays, total: sums(usages("m.month"), used, from: "usage_month m"),
                told: sums(usages(month), used, from: "usage_day m")),
        ]
    }
}
