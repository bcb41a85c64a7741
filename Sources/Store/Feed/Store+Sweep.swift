import Domain
import FoundationEssentials
import Postgres

/// Where a sweep goes on.
public struct SweepPlace: Sendable, Hashable {
    /// Known orders are re-read after this one (0: from the start).
    public let after: OrderID
    /// Unknown ones are looked for from this page of the shop's list on.
    public let page: Int

    public init(after: OrderID, page: Int) { (self.after, self.page) = (after, page) }
}

extension Store {
    /// Orders that one batch of a sweep re-reads; WooCommerce lists no more at a time.
    public static let sweepBatchMax = 100

    /// Begins a sweep, or goes on with the one that was broken off.
    public func beginSweep(_ shop: ShopID, owner: String) async throws -> SweepPlace {
        let now = Timestamp.rounded(clock())
        let place = try await pool.transaction { connection in
            try Store.checkFeedLease(shop, owner: owner, connection)
            return try connection.queryOne(
                """
                UPDATE feed SET sweep_started_at = CASE WHEN sweep_after IS NULL OR sweep_requested_at > sweep_started_at
                                                        THEN greatest(\(now)::timestamptz, sweep_requested_at) ELSE sweep_started_at END,
                                sweep_after = CASE WHEN sweep_requested_at > sweep_started_at THEN 0 ELSE coalesce(sweep_after, 0) END,
                                sweep_page = CASE WHEN sweep_requested_at > sweep_started_at THEN NULL ELSE sweep_page END
                 WHERE shop_id = \(shop)::bigint RETURNING sweep_after, coalesce(sweep_page, 1)
                """
            ) { SweepPlace(after: try $0.next(), page: try $0.next()) }
        }
        return place ?? SweepPlace(after: OrderID(0), page: 1)
    }

    /// The next orders to re-read, by id: matched ones that are not older than the longest validity of their lines' plans, or than the
    /// shop's `sweep_days` where a plan has none.
    public func sweepBatch(_ shop: Shop, after: OrderID, limit: Int = sweepBatchMax) async throws -> [OrderID] {
        let now = clock()
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT o.order_id FROM shop_order o
                 WHERE o.shop_id = \(shop.id)::bigint AND o.order_id > \(after)::bigint AND o.matched
                   AND coalesce(o.paid_at, o.completed_at, o.created_at) >= \(now)::timestamptz - make_interval(days => 1 + coalesce((
                       SELECT max(coalesce((v.document->>'validDays')::integer, \(shop.sweepDays)::integer)) FROM order_line l
                         JOIN plan_version v ON v.shop_id = l.shop_id AND v.plan_id = l.plan_id AND v.version = l.plan_version
                        WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id), \(shop.sweepDays)::integer))
                 ORDER BY o.order_id LIMIT \(limit)::integer
                """
            ) { try $0.next() }
        }
    }

    /// Those of the ids under which no order was ever understood.
    public func unknownOrders(_ ids: [OrderID], shop: ShopID) async throws -> [OrderID] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT i FROM unnest(\(ids.map(\.rawValue))::bigint[]) i
                 WHERE NOT EXISTS (SELECT FROM shop_order o WHERE o.shop_id = \(shop)::bigint AND o.order_id = i) ORDER BY i
                """
            ) { try $0.next() }
        }
    }
}
