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
        let through: SQL = "coalesce((SELECT f.folded_through FROM ledger_fold f WHERE f.shop_id = \(shop)::bigint), 0)"
        let net: SQL = "m.sold - m.used - m.expired - m.refunded + m.adjusted"
        let netMinor: SQL = "m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor"
        let place: SQL = "format('currency %s, plan %s, channel %s', m.currency, coalesce(m.plan_id, 0), m.channel)"
        let dayMonth: SQL = "date_trunc('month', m.day::timestamp)::date"
        func sums(_ key: SQL, _ figures: [SQL], from: SQL) -> SQL {
            let sums: [SQL] = figures.map { "coalesce(sum(\(sql: $0)), 0)" }
            let isSomething: [SQL] = sums.map { "\(sql: $0) <> 0" }
            return """
                SELECT \(sql: key) AS key, concat_ws(', ', \(sql: sums.joined(separator: ", "))) AS figures
                  FROM \(sql: from) WHERE m.shop_id = \(shop)::bigint GROUP BY 1 HAVING \(sql: isSomething.joined(separator: " OR "))
                """
        }
        let moved: [SQL] = [net, netMinor, "m.corrected_minor"]
        let usage: [SQL] = ["m.contacts", "m.used", "m.used_minor"]
        return [
            Check(
                table: "grant_total", rule: "credits and minor units are the sum of the grants counted",
                total: sums(place, ["m.credits", "m.deferred"], from: "grant_total m"),
                told: sums(
                    place, ["c.credits", "c.deferred"],
                    from: "grant_counted c LEFT JOIN credit_grant m ON m.shop_id = c.shop_id AND m.grant_id = c.grant_id")),
            Check(
                table: "ledger_day", rule: "credits, minor units and corrections are the sum of the ledger as far as it is folded",
                total: sums("format('%s, kind %s', \(sql: place), m.kind)", moved, from: "ledger_day m"),
                told: sums(
                    "format('%s, kind %s', \(sql: place), m.kind)", moved,
                    from: "(SELECT x.* FROM ledger_move x WHERE x.shop_id = \(shop)::bigint AND x.entry_id <= \(sql: through)) m")),
            Check(
                table: "ledger_month", rule: "credits, minor units and corrections are the sum of its days",
                total: sums("format('month %s, %s, kind %s', m.month, \(sql: place), m.kind)", moved, from: "ledger_month m"),
                told: sums("format('month %s, %s, kind %s', \(sql: dayMonth), \(sql: place), m.kind)", moved, from: "ledger_day m")),
            Check(
                table: "owed_month", rule: "credits and minor units are those of the month",
                total: sums("format('month %s, %s', m.month, \(sql: place))", ["m.credits", "m.deferred"], from: "owed_month m"),
                told: sums("format('month %s, %s', m.month, \(sql: place))", [net, netMinor], from: "ledger_month m")),
            Check(
                table: "usage_month", rule: "contacts, credits and minor units are the sum of its days",
                total: sums("format('month %s, %s, actor %s', m.month, \(sql: place), m.actor_id)", usage, from: "usage_month m"),
                told: sums("format('month %s, %s, actor %s', \(sql: dayMonth), \(sql: place), m.actor_id)", usage, from: "usage_day m")),
            Check(
                table: "usage_day", rule: "credits and minor units are those of the ledger's days",
                total: sums("format('day %s, %s', m.day, \(sql: place))", ["m.used", "m.used_minor"], from: "usage_day m"),
                told: sums("format('day %s, %s', m.day, \(sql: place))", ["m.used", "m.used_minor"], from: "ledger_day m")),
        ]
    }
}
