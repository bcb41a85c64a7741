import Domain
import FoundationEssentials
import Postgres

/// Writes orders, their superseded documents and their lines' bindings, a page at a time.
enum OrderRows {
    static func write(_ cases: [OrderCase], shop: ShopID, now: Date, _ connection: Connection) throws {
        try supersede(cases.filter { $0.known != nil && $0.isNewDocument }, shop: shop, now: now, connection)
        let changed = cases.filter { $0.isNewDocument || $0.known?.flags != $0.flags || !$0.newlyBound.isEmpty }
        try upsert(changed, shop: shop, now: now, connection)
        let unchanged = cases.filter { order in !changed.contains { $0.order.id == order.order.id } }
        try touch(unchanged, shop: shop, connection)
        try bind(cases, shop: shop, now: now, connection)
    }

    /// The document before stays for a while beside the new one.
    private static func supersede(_ cases: [OrderCase], shop: ShopID, now: Date, _ connection: Connection) throws {
        guard !cases.isEmpty else { return }
        try connection.execute(
            """
            INSERT INTO order_version (shop_id, order_id, modified_at, seen_at, superseded_at, status, payload, refunds)
            SELECT shop_id, order_id, modified_at, seen_at, \(now)::timestamptz, status, payload, refunds FROM shop_order
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(cases.map(\.order.id))::bigint[]) AND payload <> ''
            ON CONFLICT ON CONSTRAINT order_version_pkey DO NOTHING
            """)
    }

    /// Characters of a total as the shop wrote it.
    private static let totalTextMax = 40

    private static func upsert(_ cases: [OrderCase], shop: ShopID, now: Date, _ connection: Connection) throws {
        for order in cases {
            let seen = order.order
            try connection.execute(
                """
                INSERT INTO shop_order AS o (shop_id, order_id, number, status, currency, total_minor, total_raw, created_at, modified_at, paid_at,
                    completed_at, seen_at, first_seen_at, source, customer_id, matched, usability, flags, payload_hash, payload, refunds)
                VALUES (\(shop)::bigint, \(seen.id)::bigint, \(seen.number), \(seen.status), \(seen.currency.code), \(seen.total.minorUnits)::bigint,
                    \(seen.totalText.map { String($0.prefix(totalTextMax)) } ?? String(seen.total.minorUnits)), \(seen.createdAt)::timestamptz, \(seen.modifiedAt)::timestamptz, \(seen.paidAt)::timestamptz,
                    \(seen.completedAt)::timestamptz, \(order.sight.seenAt)::timestamptz, \(now)::timestamptz, \(order.sight.source.rawValue),
                    \(order.customer)::bigint, \(order.isMatched)::boolean, \(order.entitlement.usability.name), \(order.flags)::text[],
                    \(order.sight.hash)::bytea, \(order.isErased ? "" : order.sight.payload), \(order.isErased ? nil : order.sight.refunds))
                ON CONFLICT ON CONSTRAINT shop_order_pkey DO UPDATE SET number = excluded.number, status = excluded.status,
                    currency = excluded.currency, total_minor = excluded.total_minor, total_raw = excluded.total_raw,
                    modified_at = excluded.modified_at, paid_at = excluded.paid_at, completed_at = excluded.completed_at,
                    seen_at = greatest(o.seen_at, excluded.seen_at), source = excluded.source, matched = o.matched OR excluded.matched,
                    usability = excluded.usability, flags = excluded.flags, gone_sweeps = 0, payload_hash = excluded.payload_hash,
                    payload = excluded.payload, refunds = excluded.refunds
                """)
        }
    }

    /// Seen again and the same: only the moment moves.
    private static func touch(_ cases: [OrderCase], shop: ShopID, _ connection: Connection) throws {
        guard !cases.isEmpty else { return }
        try connection.execute(
            """
            UPDATE shop_order o SET seen_at = s.seen_at, gone_sweeps = 0
              FROM unnest(\(cases.map(\.order.id))::bigint[], \(cases.map(\.sight.seenAt))::timestamptz[]) AS s (order_id, seen_at)
             WHERE o.shop_id = \(shop)::bigint AND o.order_id = s.order_id AND o.seen_at < s.seen_at
            """)
    }

    private static func bind(_ cases: [OrderCase], shop: ShopID, now: Date, _ connection: Connection) throws {
        for order in cases {
            for (line, matching) in order.newlyBound {
                try connection.execute(
                    """
                    INSERT INTO order_line (shop_id, order_id, line_id, plan_id, plan_version, matched_by, matched_key, bound_at)
                    VALUES (\(shop)::bigint, \(order.order.id)::bigint, \(line)::bigint, \(matching.plan.id)::bigint,
                            \(matching.plan.version)::integer, \(matching.matchedBy.kind), \(matching.matchedBy.key), \(now)::timestamptz)
                    """)
            }
        }
    }
}

extension MatchKey {
    fileprivate var kind: String {
        switch self {
        case .variation: "variation"
        case .product: "product"
        case .sku: "sku"
        }
    }

    fileprivate var key: String {
        switch self {
        case .variation(let id), .product(let id): String(id)
        case .sku(let sku): sku
        }
    }
}
