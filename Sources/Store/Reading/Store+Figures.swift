import Domain
import FoundationEssentials
import Postgres

/// How a shop's neighbours are doing, for metrics.
public struct ShopFigures: Sendable, Hashable {
    public let slug: String
    /// How old what is known of the shop may be; nil before the first whole pass.
    public let feedLagSeconds: Double?
    public let feedFailures: Int
    public let openRejects: Int
    /// Outbox rows not yet handed to hooks, and deliveries not yet made.
    public let outboxWaiting: Int
    /// Months written into a folder, and tries in a row that one that is due has failed.
    public let monthExports: Int
    public let monthExportFailures: Int
}

/// What the spend lanes do and have done, for metrics.
public struct SpendFigures: Sendable, Hashable {
    public var waiting = 0
    public var decided = 0
    public var batches = 0
    public var lastBatch = 0
}

/// What the pool does and has done, for surfaces that cannot see `Postgres`.
public struct PoolFigures: Sendable, Hashable {
    public let open, idle, busy, waiting, work, waitTimeouts, refused, lost, retries: Int
}

extension Store {
    public var spendFigures: SpendFigures { lanes.figures }

    public var poolFigures: PoolFigures {
        let now = pool.statistics
        return PoolFigures(
            open: now.open, idle: now.idle, busy: now.busy, waiting: now.waiting, work: now.workTotal, waitTimeouts: now.waitTimeoutTotal,
            refused: now.refusedFullTotal, lost: now.connectionsLostTotal, retries: now.retriedTotal)
    }

    /// One row per shop in use. Reads by index alone, so that a scrape costs little.
    public func shopFigures() async throws -> [ShopFigures] {
        let now = clock()
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT s.slug, f.imported_at IS NOT NULL, CASE WHEN f.pass_error IS NULL THEN f.pass_started_at ELSE f.away_since END,
                       coalesce(f.failures, 0),
                       (SELECT count(*) FROM reject r WHERE r.shop_id = s.shop_id AND r.resolved_at IS NULL),
                       (SELECT count(*) FROM outbox o WHERE o.shop_id = s.shop_id AND o.fanned_at IS NULL)
                       + (SELECT count(*) FROM hook_delivery d WHERE d.shop_id = s.shop_id AND d.status = 'waiting'),
                       (SELECT count(*) FROM month_export m WHERE m.shop_id = s.shop_id AND m.made_at IS NOT NULL),
                       (SELECT coalesce(max(m.failures), 0) FROM month_export m WHERE m.shop_id = s.shop_id AND m.made_at IS NULL)
                  FROM shop s LEFT JOIN feed f ON f.shop_id = s.shop_id
                 WHERE s.retired_at IS NULL ORDER BY s.slug
                """
            ) { row in
                let slug = try row.next(String.self)
                let isImported = try row.next(Bool.self)
                let healthyAt = try row.next(Date?.self)
                return ShopFigures(
                    slug: slug, feedLagSeconds: isImported ? healthyAt.map { max(0, now.timeIntervalSince($0)) } : nil,
                    feedFailures: try row.next(), openRejects: try row.next(), outboxWaiting: try row.next(), monthExports: try row.next(),
                    monthExportFailures: try row.next())
            }
        }
    }
}
