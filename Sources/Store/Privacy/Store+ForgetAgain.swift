import FoundationEssentials
import Postgres

extension Store {
    /// Documents emptied in one transaction.
    public static let erasedMax = 200
    /// How far back pushed documents are looked at, in days; longer than this job ever pauses.
    private static let erasedDaysMax = 7.0

    /// Empties documents about orders of erased customers that came after the erasure: pushes and rejects are stored before anybody knows
    /// whose they are. Returns how many; fewer than `limit` means that nothing else is left.
    public func forgetAgain(limit: Int = erasedMax) async throws -> Int {
        let since = clock().addingTimeInterval(-Store.erasedDaysMax * 86_400)
        let erasedOrder: SQL = """
            EXISTS (SELECT FROM shop_order o JOIN customer c ON c.shop_id = o.shop_id AND c.customer_id = o.customer_id
                     WHERE c.erased_at IS NOT NULL AND o.shop_id = d.shop_id AND o.order_id = d.order_id)
            """
        return try await pool.transaction { connection in
            let anybody = try connection.queryOne("SELECT EXISTS (SELECT FROM customer WHERE erased_at IS NOT NULL)") { try $0.next(Bool.self) }
            guard anybody == true else { return 0 }
            let pushed = try connection.execute(
                """
                UPDATE delivery x SET body = '' WHERE (x.shop_id, x.delivery_no) IN (
                    SELECT d.shop_id, d.delivery_no
                      FROM (SELECT shop_id, delivery_no, substring(body from '^\\s*\\{\\s*"id"\\s*:\\s*([0-9]{1,18})\\s*[,}]')::bigint AS order_id
                              FROM delivery WHERE handled_at >= \(since)::timestamptz AND body <> '') d
                     WHERE \(sql: erasedOrder) LIMIT \(limit)::bigint)
                """)
            let rejected = try connection.execute(
                """
                UPDATE reject x SET raw = '', refunds = NULL, resolved_at = coalesce(x.resolved_at, x.last_at) WHERE (x.shop_id, x.reject_id) IN (
                    SELECT d.shop_id, d.reject_id FROM reject d WHERE d.raw <> '' AND \(sql: erasedOrder) LIMIT \(limit)::bigint)
                """)
            return min(limit, pushed + rejected)
        }
    }
}
