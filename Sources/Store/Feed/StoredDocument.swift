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
}

extension Store {
    /// The documents of the orders that are known, by order.
    public func storedDocuments(_ orders: [OrderID], shop: ShopID) async throws -> [OrderID: StoredDocument] {
        guard !orders.isEmpty else { return [:] }
        let documents = try await pool.read { connection in
            try connection.query(
                """
                SELECT order_id, payload, refunds, number, currency, total_minor, created_at FROM shop_order
                 WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])
                """
            ) { row in
                StoredDocument(
                    order: try row.next(), payload: try row.next(), refunds: try row.next(), number: try row.next(), currency: try row.next(),
                    totalMinor: try row.next(), createdAt: try row.next())
            }
        }
        return Dictionary(documents.map { ($0.order, $0) }, uniquingKeysWith: { $1 })
    }
}
