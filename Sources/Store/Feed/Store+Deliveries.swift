import Domain
import FoundationEssentials
import Postgres

/// A pushed delivery of a `deliveries` shop that waits to be read.
public struct WaitingDelivery: Sendable {
    public let number: Int64
    public let topic: String
    public let receivedAt: Date
    /// Raw, its signature already checked.
    public let body: String
}

extension Store {
    /// Deliveries that one page reads.
    public static let deliveriesMax = 100

    public func waitingDeliveries(_ shop: ShopID, limit: Int = deliveriesMax) async throws -> [WaitingDelivery] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT delivery_no, topic, received_at, body FROM delivery
                 WHERE shop_id = \(shop)::bigint AND handled_at IS NULL ORDER BY delivery_no LIMIT \(limit)::integer
                """
            ) { row in
                WaitingDelivery(number: try row.next(), topic: try row.next(), receivedAt: try row.next(), body: try row.next())
            }
        }
    }
}
