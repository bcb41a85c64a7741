import Domain
import FoundationEssentials
import Postgres

/// An order that a push or a person named, to be read at the shop.
public struct OrderHint: Sendable {
    public let order: OrderID
    public let reason: OrderSource
    public let hintedAt: Date
}

extension Store {
    /// Hints that one pass follows before it looks again.
    public static let hintsMax = 100

    /// Names an order to be read at the shop soon, and wakes the feed.
    public func hint(_ order: OrderID, reason: OrderSource, in shop: ShopID) async throws {
        let now = Timestamp.rounded(clock())
        try await pool.transaction { connection in
            try HintRows.keep([order], reason: reason, shop: shop, now: now, connection)
            try FeedNotice.wake(shop, connection)
        }
    }

    /// The oldest hints that wait.
    public func waitingHints(_ shop: ShopID, limit: Int = hintsMax) async throws -> [OrderHint] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT order_id, reason, hinted_at FROM order_hint WHERE shop_id = \(shop)::bigint
                 ORDER BY hinted_at, order_id LIMIT \(limit)::integer
                """
            ) { row in
                OrderHint(
                    order: try row.next(), reason: OrderSource(rawValue: try row.next(String.self)) ?? .webhook, hintedAt: try row.next())
            }
        }
    }
}

enum HintRows {
    static func keep(_ orders: [OrderID], reason: OrderSource, shop: ShopID, now: Date, _ connection: Connection) throws {
        try connection.execute(
            """
            INSERT INTO order_hint (shop_id, order_id, reason, hinted_at)
            SELECT \(shop)::bigint, o, \(reason.rawValue), \(now)::timestamptz FROM unnest(\(orders)::bigint[]) AS x (o)
            ON CONFLICT ON CONSTRAINT order_hint_pkey DO UPDATE SET hinted_at = greatest(order_hint.hinted_at, excluded.hinted_at)
            """)
    }
}
