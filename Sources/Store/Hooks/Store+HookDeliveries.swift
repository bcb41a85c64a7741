import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// A hook's deliveries, newest first, up to `limit` (200 at most) below the id `after`; `next` is nil on the last page.
    public func hookDeliveries(
        of hook: HookID, in shop: ShopID, status: HookDelivery.Status? = nil, after: HookDeliveryID? = nil, limit: Int = 50
    ) async throws -> Result<(items: [HookDelivery], next: HookDeliveryID?), Refusal> {
        let limit = min(max(limit, 1), 200)
        return try await pool.transaction(readOnly: true) { connection in
            guard try HookRows.load(connection, hook, shop: shop) != nil else {
                return .failure(.unknown(what: "hook", name: hook.description))
            }
            let rows = try connection.query(
                """
                SELECT \(sql: HookDelivery.columns) FROM hook_delivery d
                 WHERE d.shop_id = \(shop)::bigint AND d.hook_id = \(hook)::bigint AND d.delivery_id < coalesce(\(after)::bigint, 9223372036854775807)
                   AND (\(status?.rawValue)::text IS NULL OR d.status = \(status?.rawValue))
                 ORDER BY d.delivery_id DESC LIMIT \(limit + 1)::bigint
                """
            ) { try HookDelivery(&$0) }
            let items = Array(rows.prefix(limit))
            return .success((items, rows.count > limit ? items.last?.id : nil))
        }
    }

    /// Nil when the shop has no such delivery.
    public func hookDelivery(_ id: HookDeliveryID, in shop: ShopID) async throws -> HookDelivery? {
        try await pool.read { connection in
            try connection.queryOne(
                "SELECT \(sql: HookDelivery.columns) FROM hook_delivery d WHERE d.shop_id = \(shop)::bigint AND d.delivery_id = \(id)::bigint"
            ) { try HookDelivery(&$0) }
        }
    }

    /// Sends a delivery again, whatever became of it: a new cycle of attempts with the same `webhook-id` and body.
    /// Refused for a retired hook, and for a body that was erased with its customer.
    public func redeliver(_ id: HookDeliveryID, in shop: ShopID, by caller: Caller) async throws -> Result<HookDelivery, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { try Store.redeliver($0, id, in: shop, by: caller, now: now) }
    }

    static func redeliver(
        _ connection: Connection, _ id: HookDeliveryID, in shop: ShopID, by caller: Caller, now: Date
    ) throws -> Result<HookDelivery, Refusal> {
        let delivery = try connection.queryOne(
            """
            UPDATE hook_delivery d SET status = 'waiting', attempts = 0, cycle_at = \(now)::timestamptz, next_at = \(now)::timestamptz,
                                       delivered_at = NULL
              FROM hook h
             WHERE d.shop_id = \(shop)::bigint AND d.delivery_id = \(id)::bigint AND d.body <> ''
               AND h.shop_id = d.shop_id AND h.hook_id = d.hook_id AND h.retired_at IS NULL
            RETURNING \(sql: HookDelivery.columns)
            """
        ) { try HookDelivery(&$0) }
        guard let delivery else { return .failure(.unknown(what: "delivery", name: id.description)) }
        try Audit.write(
            connection, shop: shop, by: caller, action: "hook.redeliver", subject: delivery.hook.description,
            detail: ["delivery": id.description], now: now)
        try connection.execute("SELECT pg_notify(\(Store.outboxChannel), '')")
        return .success(delivery)
    }

    /// Puts a `hook.test` ping into the hook's line. The daemon sends it; look at the delivery to see how it went.
    public func testHook(_ id: HookID, in shop: ShopID, by caller: Caller) async throws -> Result<HookDelivery, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { try Store.testHook($0, id, in: shop, now: now) }
    }

    static func testHook(_ connection: Connection, _ id: HookID, in shop: ShopID, now: Date) throws -> Result<HookDelivery, Refusal> {
        let delivery = try connection.queryOne(
            """
            INSERT INTO hook_delivery AS d (shop_id, hook_id, topic, body, created_at, cycle_at, next_at)
            SELECT h.shop_id, h.hook_id, \(HookTopic.test),
                   jsonb_build_object('type', \(HookTopic.test)::text, 'timestamp', \(Timestamp.text(now))::text,
                                      'data', jsonb_build_object('shop', s.slug, 'hook', h.hook_id))::text,
                   \(now)::timestamptz, \(now)::timestamptz, \(now)::timestamptz
              FROM hook h JOIN shop s ON s.shop_id = h.shop_id
             WHERE h.shop_id = \(shop)::bigint AND h.hook_id = \(id)::bigint AND h.retired_at IS NULL
            RETURNING \(sql: HookDelivery.columns)
            """
        ) { try HookDelivery(&$0) }
        guard let delivery else { return .failure(.unknown(what: "hook", name: id.description)) }
        try connection.execute("SELECT pg_notify(\(Store.outboxChannel), '')")
        return .success(delivery)
    }
}
