import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Rejects that one call lists at most.
    public static let rejectsPageMax = 200

    /// What was not understood, by number; open ones only unless asked for all.
    public func rejects(_ shop: ShopID, after: RejectID? = nil, limit: Int = rejectsPageMax, includingResolved: Bool = false) async throws -> [Reject] {
        let limit = min(max(limit, 1), Store.rejectsPageMax)
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: Reject.columns) FROM reject r
                 WHERE r.shop_id = \(shop)::bigint AND r.reject_id > \(after?.rawValue ?? 0)::bigint
                   AND (\(includingResolved)::boolean OR r.resolved_at IS NULL)
                 ORDER BY r.reject_id LIMIT \(limit)::integer
                """
            ) { try Reject(&$0) }
        }
    }

    public func reject(_ id: RejectID, in shop: ShopID) async throws -> Reject? {
        try await pool.read { connection in
            try connection.queryOne(
                "SELECT \(sql: Reject.columns) FROM reject r WHERE r.shop_id = \(shop)::bigint AND r.reject_id = \(id)::bigint"
            ) { try Reject(&$0) }
        }
    }

    /// Open rejects of every shop that has any, for the metric.
    public func openRejectCounts() async throws -> [ShopID: Int] {
        let counts = try await pool.read { connection in
            try connection.query("SELECT shop_id, count(*) FROM reject WHERE resolved_at IS NULL GROUP BY shop_id") { row in
                (shop: try row.next(ShopID.self), count: try row.next(Int.self))
            }
        }
        return Dictionary(counts.map { ($0.shop, $0.count) }, uniquingKeysWith: { $1 })
    }

    /// Open rejects of deletions whose order had not been seen then: they count once its document comes.
    public func waitingDeletions(_ orders: [OrderID], shop: ShopID) async throws -> [Reject] {
        guard !orders.isEmpty else { return [] }
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: Reject.columns) FROM reject r
                 WHERE r.shop_id = \(shop)::bigint AND r.topic = 'order.deleted' AND r.order_id = ANY (\(orders)::bigint[]) AND r.resolved_at IS NULL
                 ORDER BY r.reject_id
                """
            ) { try Reject(&$0) }
        }
    }

    /// Takes a replayed order in and closes its reject, in one transaction. Needs no lease: versions decide (P2).
    public func replay(_ orders: [SeenOrder], resolving reject: RejectID, shop: Shop) async throws -> IntakeFigures {
        let now = Timestamp.rounded(clock())
        return try await takeIn(orders, shop: shop) { connection in
            try RejectRows.resolve([reject], shop: shop.id, now: now, connection)
        }
    }
}

extension Store {
    /// Keeps one document that was read outside a pass.
    public func keepReject(_ document: RejectedDocument, shop: ShopID) async throws {
        let now = Timestamp.rounded(clock())
        try await pool.transaction { try RejectRows.keep(document, shop: shop, now: now, $0) }
    }
}
