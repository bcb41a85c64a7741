import Domain
import Postgres

/// Tickets of one shop that are proven in one snapshot: those after `after`, up to and with `through`. The ranges of a shop leave no gap, so
/// rows of tickets that do not exist lie in one of them too.
struct VerifyRange: Sendable {
    let shop: ShopID
    let after: Int64
    let through: Int64

    /// A condition on the table of that alias.
    func covers(_ alias: String) -> SQL {
        let table = SQL(raw: alias)
        return "\(sql: table).shop_id = \(shop)::bigint AND \(sql: table).ticket_id > \(after)::bigint AND \(sql: table).ticket_id <= \(through)::bigint"
    }
}

/// A rule over a range: a statement that returns the key, the rule, the found and the expected figure of the first row that breaks it.
struct VerifyCheck: Sendable {
    let table: String
    let sql: @Sendable (VerifyRange) -> SQL

    func run(_ connection: Connection, _ range: VerifyRange) throws -> VerifyProblem? {
        try connection.queryOne(sql(range)) { row in
            VerifyProblem(table: table, key: try row.next(), rule: try row.next(), found: try row.next(), expected: try row.next())
        }
    }

    static let all: [VerifyCheck] = counters + grants + entries + holds + values + counted
}

extension EntryKind {
    /// What each kind does, as rows `(kind, granted, used, held, expired, revoked, remaining, worth)`; `worth` is the sign with which a
    /// slice's value counts in `value_taken` of its grant.
    static var effects: SQL {
        let rows = EntryKind.allCases.map { kind in
            let effect = kind.effect
            let worth = effect.granted > 0 ? 0 : (effect.used + effect.expired + effect.revoked).signum()
            return SQL(
                raw: "('\(kind.rawValue)',\(effect.granted),\(effect.used),\(effect.held),\(effect.expired),\(effect.revoked),"
                    + "\(effect.remaining),\(worth))")
        }
        return "(VALUES \(sql: rows.joined(separator: ","))) AS f (kind, granted, used, held, expired, revoked, remaining, worth)"
    }
}
