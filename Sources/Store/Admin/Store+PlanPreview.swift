import Domain
import Postgres

extension Store {
    /// Recent orders that are looked at to say what a plan would match.
    public static let previewOrdersMax = 200
    /// Matches that are listed for one plan.
    public static let previewMatchesMax = 5

    /// Every plan of the shop, retired ones too, each with the recent orders that it would match. `looked` orders were looked at, of which
    /// `unreadable` have no document that can be read (erased customers').
    public func planPreviews(of shop: ShopID) async throws -> (plans: [PlanPreview], looked: Int, unreadable: Int) {
        try await pool.read { connection in
            let plans = try PlanRows.current(connection, shop: shop)
            let orders = try connection.query(
                """
                SELECT \(sql: StoredDocument.columns) FROM shop_order WHERE shop_id = \(shop)::bigint
                 ORDER BY order_id DESC LIMIT \(Store.previewOrdersMax)::bigint
                """
            ) { try StoredDocument(&$0) }
            let (previews, unreadable) = PlanPreview.all(plans, orders: orders)
            return (previews, orders.count, unreadable)
        }
    }
}
