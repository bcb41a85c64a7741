import Crypto
import Domain
import FoundationEssentials
import Postgres

/// Keeps rejects, each document once however often it comes.
enum RejectRows {
    static func keep(_ document: RejectedDocument, shop: ShopID, now: Date, _ connection: Connection) throws {
        let hash = hash(document)
        let settledAt: Date? = document.isSettled ? now : nil
        if document.isSettled, try touchSettled(hash, shop: shop, now: now, connection) { return }
        try connection.execute(
            """
            INSERT INTO reject (shop_id, source, order_id, topic, reason, raw, refunds, raw_hash, received_at, last_at, resolved_at)
            VALUES (\(shop)::bigint, \(document.source.rawValue), \(document.order)::bigint, \(document.topic), \(document.reason), \(document.raw),
                    \(document.refunds), \(hash)::bytea, \(document.receivedAt)::timestamptz, \(now)::timestamptz, \(settledAt)::timestamptz)
            ON CONFLICT (shop_id, raw_hash) WHERE resolved_at IS NULL
            DO UPDATE SET times = reject.times + 1, last_at = excluded.last_at, reason = excluded.reason,
                          received_at = greatest(reject.received_at, excluded.received_at)
            """)
    }

    static func resolve(_ ids: [RejectID], shop: ShopID, now: Date, _ connection: Connection) throws {
        guard !ids.isEmpty else { return }
        try connection.execute(
            """
            UPDATE reject SET resolved_at = \(now)::timestamptz
             WHERE shop_id = \(shop)::bigint AND reject_id = ANY (\(ids)::bigint[]) AND resolved_at IS NULL
            """)
    }

    /// What is closed from the start has no unique index to meet.
    private static func touchSettled(_ hash: [UInt8], shop: ShopID, now: Date, _ connection: Connection) throws -> Bool {
        let touched = try connection.execute(
            """
            UPDATE reject SET times = times + 1, last_at = \(now)::timestamptz
             WHERE shop_id = \(shop)::bigint AND raw_hash = \(hash)::bytea AND resolved_at IS NOT NULL
            """)
        return touched > 0
    }

    private static func hash(_ document: RejectedDocument) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array((document.topic ?? "").utf8))
        hash.update(data: [0])
        hash.update(data: Array(document.raw.utf8))
        hash.update(data: [0])
        hash.update(data: Array((document.refunds ?? "").utf8))
        return Array(hash.finalize())
    }
}
