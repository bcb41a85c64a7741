import Domain
import FoundationEssentials
import Postgres

/// One administrative change.
public struct AuditRecord: Sendable {
    public let id: Int64
    public let at: Date
    /// An e-mail address, a token's label, or `operator`.
    public let actor: String
    /// Such as `user.add`.
    public let action: String
    public let subject: String
    /// By name; never a secret.
    public let detail: [(name: String, value: String)]
}

extension Store {
    /// A shop's administrative changes, newest first; by one actor or of one action where given.
    public func audit(
        of shop: ShopID, actor: String? = nil, action: String? = nil, after: Int64? = nil, limit: Int = Store.listDefault
    ) async throws -> ListPage<AuditRecord> {
        let limit = min(max(limit, 1), Store.listMax)
        var conditions: [SQL] = ["shop_id = \(shop)::bigint"]
        if let actor { conditions.append("actor = \(actor)") }
        if let action { conditions.append("action = \(action)") }
        if let after { conditions.append("audit_id < \(after)::bigint") }
        let condition = conditions.joined(separator: " AND ")
        let rows = try await pool.read { connection in
            try connection.query(
                """
                SELECT audit_id, at, actor, action, subject, detail::text FROM audit WHERE \(sql: condition)
                 ORDER BY audit_id DESC LIMIT \(limit + 1)::bigint
                """
            ) { row in
                AuditRecord(
                    id: try row.next(), at: try row.next(), actor: try row.next(), action: try row.next(), subject: try row.next(),
                    detail: Store.pairs(try row.next()))
            }
        }
        return ListPage(rows, limit: limit) { $0.id }
    }

    private static func pairs(_ json: String) -> [(name: String, value: String)] {
        let known = (try? JSONDecoder().decode([String: String].self, from: Data(json.utf8))) ?? [:]
        return known.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}
