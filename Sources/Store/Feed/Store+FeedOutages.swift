import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// When the shop could not be read, the last outages first; those that overlap a time, where one is given. The one that lasts is among them.
    public func feedOutages(of shop: ShopID, from: Date? = nil, until: Date? = nil, limit: Int) async throws -> [FeedOutage] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT began_at, ended_at, error_kind, recovered, counted FROM feed_outage
                 WHERE shop_id = \(shop)::bigint AND began_at < coalesce(\(until)::timestamptz, 'infinity')
                   AND coalesce(ended_at, 'infinity') >= coalesce(\(from)::timestamptz, '-infinity')
                 ORDER BY began_at DESC LIMIT \(limit)::integer
                """
            ) { row in
                FeedOutage(
                    beganAt: try row.next(), endedAt: try row.next(), errorKind: try row.next(), recovered: try row.next(), isCounted: try row.next())
            }
        }
    }
}

/// What the end of each pass means for outages.
enum FeedOutageRows {
    /// A pass that fails begins one, or goes on with one that no whole pass has ended yet; one that goes well ends it, and adds what it found. A shop that
    /// comes and goes has one outage, not many.
    static func note(_ end: FeedPassEnd, awaySince: Date?, shop: ShopID, now: Date, _ connection: Connection) throws {
        let changed = Int64(end.figures.changed)
        guard end.error != nil else {
            try connection.execute(
                """
                UPDATE feed_outage SET ended_at = coalesce(ended_at, greatest(\(now)::timestamptz, began_at)), recovered = recovered + \(changed)::bigint,
                                       counted = \(end.isWhole)::boolean
                 WHERE shop_id = \(shop)::bigint AND NOT counted
                """)
            return
        }
        try connection.execute(
            """
            INSERT INTO feed_outage (shop_id, began_at, error_kind)
            VALUES (\(shop)::bigint, coalesce(\(awaySince)::timestamptz, \(now)::timestamptz), \(end.errorKind ?? "unknown"))
            ON CONFLICT (shop_id) WHERE NOT counted DO UPDATE SET ended_at = NULL, recovered = feed_outage.recovered + \(changed)::bigint
            """)
    }
}
