import Domain
import FoundationEssentials
import Postgres

/// An order's document as last stored, raw.
public struct StoredDocument: Sendable {
    public let order: OrderID
    /// Empty once its customer was erased.
    public let payload: String
    /// Nil when they were not read.
    public let refunds: String?
    public let number: String
    public let currency: String
    public let totalMinor: Int64
    public let createdAt: Date
    public let status: String
    /// With `seenAt` its version.
    public let modifiedAt: Date
    public let seenAt: Date
    public let source: OrderSource

    static let columns: SQL = """
        order_id, payload, refunds, number, currency, total_minor, created_at, status, modified_at, seen_at, source
        """

    init(_ row: inout Row) throws {
        order = try row.next()
        payload = try row.next()
        refunds = try row.next()
        number = try row.next()
        currency = try row.next()
        totalMinor = try row.next()
        createdAt = try row.next()
        status = try row.next()
        modifiedAt = try row.next()
        seenAt = try row.next()
        source = OrderSource(rawValue: try row.next(String.self)) ?? .poll
    }
}

extension Store {
    /// The documents of the orders that are known, by order.
    public func storedDocuments(_ orders: [OrderID], shop: ShopID) async throws -> [OrderID: StoredDocument] {
        guard !orders.isEmpty else { return [:] }
        let documents = try await pool.read { connection in
            try connection.query(
                "SELECT \(sql: StoredDocument.columns) FROM shop_order WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])"
            ) { try StoredDocument(&$0) }
        }
        return Dictionary(documents.map { ($0.order, $0) }, uniquingKeysWith: { $1 })
    }

    /// Stored documents by order id, for trying them again; erased ones are left out.
    public func documentBatch(_ shop: ShopID, after: OrderID, limit: Int = sweepBatchMax) async throws -> [StoredDocument] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: StoredDocument.columns) FROM shop_order
                 WHERE shop_id = \(shop)::bigint AND order_id > \(after)::bigint AND payload <> '' ORDER BY order_id LIMIT \(limit)::integer
                """
            ) { try StoredDocument(&$0) }
        }
    }

    /// Asks for the stored orders to be tried again under the plans as they are now: lines that matched nothing may match.
    public func requestRematch(_ shop: ShopID) async throws {
        try await pool.transaction { try RematchRequest.write([shop], $0) }
    }
}

enum RematchRequest {
    static func write(_ shops: [ShopID], _ connection: Connection) throws {
        for shop in shops {
            try connection.execute(
                """
                INSERT INTO feed (shop_id, rematch_after) VALUES (\(shop)::bigint, 0)
                ON CONFLICT ON CONSTRAINT feed_pkey DO UPDATE SET rematch_after = 0
                """)
            try FeedNotice.wake(shop, connection)
        }
    }
}
