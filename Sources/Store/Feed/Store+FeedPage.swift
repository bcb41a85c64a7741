import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Sweeps in a row that must miss an order before it is marked `gone`.
    static let goneSweepsMin = 2

    /// Stores what a page brought and moves the feed, in one transaction; throws `FeedLeaseLost` and writes nothing when the lease is
    /// another's by now. The cursor so never stands behind an order that is not stored (P6).
    public func keep(_ page: FeedPage, shop: Shop, owner: String) async throws -> IntakeFigures {
        let now = Timestamp.rounded(clock())
        var figures = try await takeIn(page.orders, shop: shop) { connection in
            try Store.checkFeedLease(shop.id, owner: owner, connection)
            for document in page.rejected { try RejectRows.keep(document, shop: shop.id, now: now, connection) }
            try RejectRows.resolve(page.resolved, shop: shop.id, now: now, connection)
            try Store.noteMissing(page.missing, shop: shop.id, connection)
            for move in page.moves { try Store.apply(move, shop: shop.id, now: now, connection) }
        }
        let open = page.rejected.count { !$0.isSettled }
        figures.seen += page.rejected.count + page.ignored + page.missing.count
        figures.rejected += open
        figures.ignored += page.ignored + page.rejected.count - open
        return figures
    }

    private static func apply(_ move: FeedPage.Move, shop: ShopID, now: Date, _ connection: Connection) throws {
        switch move {
        case .cursor(let date):
            try connection.execute("UPDATE feed SET cursor_at = greatest(cursor_at, \(date)::timestamptz) WHERE shop_id = \(shop)::bigint")
        case .hiddenCursor(let date):
            try connection.execute("UPDATE feed SET hidden_cursor_at = greatest(hidden_cursor_at, \(date)::timestamptz) WHERE shop_id = \(shop)::bigint")
        case .text(let cursor):
            try connection.execute("UPDATE feed SET cursor_text = \(cursor) WHERE shop_id = \(shop)::bigint")
        case .sweep(let order?):
            try connection.execute("UPDATE feed SET sweep_after = \(order)::bigint WHERE shop_id = \(shop)::bigint")
        case .sweep(nil):
            try connection.execute(
                "UPDATE feed SET sweep_after = NULL, sweep_page = NULL, sweep_ended_at = \(now)::timestamptz WHERE shop_id = \(shop)::bigint")
            try FeedNotice.done(shop, connection)
        case .listed(let page):
            try connection.execute("UPDATE feed SET sweep_page = \(page)::integer WHERE shop_id = \(shop)::bigint")
        case .rematch(let from, let to):
            try connection.execute(
                "UPDATE feed SET rematch_after = \(to)::bigint WHERE shop_id = \(shop)::bigint AND rematch_after = \(from)::bigint")
        case .hints(let hints):
            try connection.execute(
                """
                DELETE FROM order_hint h USING unnest(\(hints.map(\.order))::bigint[], \(hints.map(\.hintedAt))::timestamptz[]) AS x (o, at)
                 WHERE h.shop_id = \(shop)::bigint AND h.order_id = x.o AND h.hinted_at <= x.at
                """)
        case .deliveries(let numbers):
            try connection.execute(
                """
                UPDATE delivery SET handled_at = \(now)::timestamptz
                 WHERE shop_id = \(shop)::bigint AND delivery_no = ANY (\(numbers)::bigint[])
                """)
        }
    }

    /// Counts a miss; the second sweep in a row marks the order, which keeps its last state. Being seen again sets both back (`OrderRows`).
    private static func noteMissing(_ orders: [OrderID], shop: ShopID, _ connection: Connection) throws {
        guard !orders.isEmpty else { return }
        try connection.execute(
            """
            UPDATE shop_order SET gone_sweeps = gone_sweeps + 1,
                flags = CASE WHEN gone_sweeps + 1 >= \(goneSweepsMin)::integer AND NOT flags @> '{gone}' THEN flags || '{gone}'::text[] ELSE flags END
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])
            """)
    }
}
