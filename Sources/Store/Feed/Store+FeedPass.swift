import Domain
import FoundationEssentials
import Postgres

/// How a pass ended, as it is written down.
public struct FeedPassEnd: Sendable {
    public var figures: IntakeFigures
    /// In plain words, never with a secret; nil when it went well.
    public var error: String?
    /// The stable slug of the error.
    public var errorKind: String?
    public var nextPassAt: Date
    /// Set when the shop said when to come back.
    public var retryAfter: Date?
    /// The request that this pass answers: the one that stood when it began.
    public var answers: Date?
    /// False when only named orders were read, or a sweep was made: the shop as a whole was not.
    public var isWhole: Bool

    public init(
        figures: IntakeFigures, error: String? = nil, errorKind: String? = nil, nextPassAt: Date, retryAfter: Date? = nil, answers: Date? = nil,
        isWhole: Bool = true
    ) {
        self.figures = figures
        self.error = error
        self.errorKind = errorKind
        self.nextPassAt = nextPassAt
        self.retryAfter = retryAfter
        self.answers = answers
        self.isWhole = isWhole
    }
}

extension Store {
    /// Asks whoever holds the shop's lease for a pass; answers the moment of the request, which `FeedState.passAnsweredAt` will reach.
    /// Where a person asked, the audit tells so.
    public func requestPass(_ shop: ShopID, by caller: Caller? = nil) async throws -> Date {
        try await request(shop, "pass_requested_at", action: "feed.pass", by: caller)
    }

    /// The same for a sweep, which `FeedState.sweepStartedAt` and then `sweepEndedAt` will reach.
    public func requestSweep(_ shop: ShopID, by caller: Caller? = nil) async throws -> Date {
        try await request(shop, "sweep_requested_at", action: "feed.sweep", by: caller)
    }

    private func request(_ shop: ShopID, _ column: String, action: String, by caller: Caller?) async throws -> Date {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            let at = try connection.queryOne(
                """
                INSERT INTO feed AS f (shop_id, \(raw: column)) VALUES (\(shop)::bigint, \(now)::timestamptz)
                ON CONFLICT ON CONSTRAINT feed_pkey DO UPDATE SET \(raw: column) =
                    greatest(f.\(raw: column) + interval '1 microsecond', excluded.\(raw: column))
                RETURNING \(raw: column)
                """
            ) { try $0.next(Date.self) }
            if let caller { try Audit.write(connection, shop: shop, by: caller, action: action, subject: "all", now: now) }
            try FeedNotice.wake(shop, connection)
            return at ?? now
        }
    }

    /// Notes that a pass begins.
    public func beginPass(_ shop: ShopID, owner: String) async throws {
        let now = clock()
        try await pool.transaction { connection in
            try Store.checkFeedLease(shop, owner: owner, connection)
            try connection.execute("UPDATE feed SET pass_started_at = \(now)::timestamptz WHERE shop_id = \(shop)::bigint")
        }
    }

    /// Notes how it ended, adds its figures to the totals and tells those who wait for it. `away_since` stands while passes fail.
    public func endPass(_ shop: ShopID, owner: String, _ end: FeedPassEnd) async throws {
        let now = clock()
        try await pool.transaction { connection in
            try Store.checkFeedLease(shop, owner: owner, connection)
            let state = try Store.feedState(shop, connection)
            try FeedOutageRows.note(end, awaySince: state?.awaySince, shop: shop, now: now, connection)
            var sum = state?.totals ?? IntakeFigures()
            sum += end.figures
            try connection.execute(
                """
                UPDATE feed SET pass_ended_at = \(now)::timestamptz, pass_error = \(end.error), pass_error_kind = \(end.errorKind),
                    figures = \(end.figures.json)::jsonb, totals = \(sum.json)::jsonb,
                    failures = CASE WHEN \(end.error)::text IS NULL THEN 0 ELSE failures + 1 END,
                    away_since = CASE WHEN \(end.error)::text IS NULL THEN NULL ELSE coalesce(away_since, \(now)::timestamptz) END,
                    next_pass_at = \(end.nextPassAt)::timestamptz, retry_after = \(end.retryAfter)::timestamptz,
                    pass_answered_at = coalesce(\(end.answers)::timestamptz, pass_answered_at),
                    imported_at = CASE WHEN \(end.isWhole)::boolean AND \(end.error)::text IS NULL THEN coalesce(imported_at, \(now)::timestamptz) ELSE imported_at END
                 WHERE shop_id = \(shop)::bigint
                """)
            try FeedNotice.done(shop, connection)
        }
    }
}
