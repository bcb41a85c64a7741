import Domain
import FoundationEssentials
import Postgres

/// Administrative changes: who, when, what. A detail is a word or a number that may be read by anyone who may administer; never a secret.
enum Audit {
    static func write(
        _ connection: Connection, shop: ShopID, by caller: Caller, action: String, subject: String, detail: [String: String] = [:], now: Date
    ) throws {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            for (name, value) in detail.sorted(by: { $0.key < $1.key }) { json.field(name, value) }
        }
        try connection.execute(
            """
            INSERT INTO audit (shop_id, at, actor, action, subject, detail)
            VALUES (\(shop)::bigint, \(now)::timestamptz, \(caller.label), \(action), \(subject), \(json.text)::jsonb)
            """)
    }
}
