import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Flagged orders that the status of a feed lists.
    public static let flaggedMax = 200

    /// How the shop's feed is doing, at one instant.
    public func feedStatus(_ shop: Shop) async throws -> FeedStatus {
        let now = clock()
        return try await pool.transaction(readOnly: true, isolation: .repeatableRead) { connection in
            let state = try Store.feedState(shop.id, connection)
            let counts = try Store.feedCounts(shop.id, connection)
            let healthyAt = state?.passError == nil ? state?.passStartedAt : state?.awaySince
            return FeedStatus(
                kind: shop.feedKind, state: state,
                lagSeconds: state?.importedAt == nil ? nil : healthyAt.map { max(0, now.timeIntervalSince($0)) },
                openRejects: counts[0], waitingHints: counts[1], waitingDeliveries: counts[2], orders: counts[3], notUsableYet: counts[4],
                flagCounts: try Store.flagCounts(shop.id, connection), flagged: try Store.flagged(shop.id, connection))
        }
    }

    /// Orders and other documents of the shop that could not be read and that nobody has settled.
    public func openRejects(of shop: ShopID) async throws -> Int {
        try await pool.read { connection in
            try connection.queryOne("SELECT \(sql: Store.rejectCount(shop))") { try $0.next(Int.self) } ?? 0
        }
    }

    private static func rejectCount(_ shop: ShopID) -> SQL { "(SELECT count(*) FROM reject WHERE shop_id = \(shop)::bigint AND resolved_at IS NULL)" }

    private static func feedCounts(_ shop: ShopID, _ connection: Connection) throws -> [Int] {
        let counts = try connection.queryOne(
            """
            SELECT \(sql: rejectCount(shop)),
                   (SELECT count(*) FROM order_hint WHERE shop_id = \(shop)::bigint),
                   (SELECT count(*) FROM delivery WHERE shop_id = \(shop)::bigint AND handled_at IS NULL),
                   (SELECT count(*) FROM shop_order WHERE shop_id = \(shop)::bigint),
                   (SELECT count(*) FROM shop_order WHERE shop_id = \(shop)::bigint AND matched AND usability = 'not-usable-yet')
            """
        ) { row in [try row.next(), try row.next(), try row.next(), try row.next(), try row.next(Int.self)] }
        return counts ?? [0, 0, 0, 0, 0]
    }

    private static func flagCounts(_ shop: ShopID, _ connection: Connection) throws -> [String: Int] {
        let counts = try connection.query(
            """
            SELECT flag, count(*) FROM shop_order, unnest(flags) AS flag WHERE shop_id = \(shop)::bigint AND flags <> '{}' GROUP BY flag
            """
        ) { row in (flag: try row.next(String.self), count: try row.next(Int.self)) }
        return Dictionary(counts.map { ($0.flag, $0.count) }, uniquingKeysWith: { $1 })
    }

    private static func flagged(_ shop: ShopID, _ connection: Connection) throws -> [FeedStatus.FlaggedOrder] {
        try connection.query(
            """
            SELECT order_id, number, status, flags FROM shop_order WHERE shop_id = \(shop)::bigint AND flags <> '{}'
             ORDER BY order_id LIMIT \(flaggedMax)::integer
            """
        ) { row in
            FeedStatus.FlaggedOrder(order: try row.next(), number: try row.next(), status: try row.next(), flags: try row.next())
        }
    }
}
