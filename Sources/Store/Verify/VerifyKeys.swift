import Domain
import Postgres

/// Passes over tables by their own keys: entry ids, and the answers that were kept with idempotency keys.
enum VerifyKeys {
    /// Entry ids looked at in one statement.
    static let entryIDsMax = 50_000
    /// Idempotency keys looked at in one statement.
    static let keysMax = 5_000

    /// The last id of the next range of entries; nil when there is none.
    static func nextEntries(_ connection: Connection, shop: ShopID, after: Int64) throws -> Int64? {
        try connection.queryOne(
            """
            SELECT max(entry_id) FROM (SELECT entry_id FROM entry WHERE shop_id = \(shop)::bigint AND entry_id > \(after)::bigint
                                        ORDER BY entry_id LIMIT \(entryIDsMax)::bigint) x
            """
        ) { try $0.next(Int64?.self) } ?? nil
    }

    static func duplicateEntry(_ connection: Connection, shop: ShopID, after: Int64, through: Int64) throws -> VerifyProblem? {
        try connection.queryOne(
            """
            SELECT entry_id, count(*) FROM entry
             WHERE shop_id = \(shop)::bigint AND entry_id > \(after)::bigint AND entry_id <= \(through)::bigint
             GROUP BY entry_id HAVING count(*) > 1 ORDER BY entry_id LIMIT 1
            """
        ) { row in
            VerifyProblem(
                table: "entry", key: "shop \(shop), entry \(try row.next(Int64.self))", rule: "entry ids have no duplicates",
                found: "\(try row.next(Int64.self)) rows", expected: "1 row")
        }
    }

    /// The last key of the next range, and how many it has.
    static func nextKeys(_ connection: Connection, shop: ShopID, after: String) throws -> (last: String, count: Int)? {
        let range = try connection.queryOne(
            """
            SELECT max(key), count(*) FROM (SELECT key FROM idempotency_key WHERE shop_id = \(shop)::bigint AND key > \(after)
                                             ORDER BY key LIMIT \(keysMax)::bigint) x
            """
        ) { row in (last: try row.next(String?.self), count: try row.next(Int.self)) }
        guard let range, let last = range.last else { return nil }
        return (last, range.count)
    }

    /// A success that was answered and kept names an entry that is there (P5, P6).
    static func answerWithoutEntry(_ connection: Connection, shop: ShopID, after: String, through: String) throws -> VerifyProblem? {
        try connection.queryOne(
            """
            SELECT k.key, named.id
              FROM idempotency_key k
             CROSS JOIN LATERAL (SELECT coalesce(k.entry_id::text, k.body::jsonb #>> '{entry,id}') AS id) named
             WHERE k.shop_id = \(shop)::bigint AND k.key > \(after) AND k.key <= \(through) AND k.status = 201
               AND NOT EXISTS (SELECT FROM entry e WHERE e.shop_id = k.shop_id AND e.entry_id = named.id::bigint)
             ORDER BY k.key LIMIT 1
            """
        ) { row in
            VerifyProblem(
                table: "idempotency_key", key: "shop \(shop), key \(try row.next(String.self))", rule: "its answer names an entry that is there",
                found: "no entry \(try row.next(String?.self) ?? "named")", expected: "the entry")
        }
    }
}
