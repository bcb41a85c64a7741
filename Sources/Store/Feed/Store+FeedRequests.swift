import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Requests of one shop that may wait at a time.
    public static let feedRequestsWaitingMax = 100
    /// Requests that a page lists, the newest first.
    public static let feedRequestsShownMax = 8

    /// Asks whoever reads the shop to do something, and wakes it. What waits already is not asked twice.
    public func ask(_ errand: FeedErrand, of shop: ShopID, by staff: Staff) async throws -> Result<Void, Refusal> {
        guard staff.shop == shop else { return .failure(.unknown(what: "shop", name: shop.description)) }
        if let refusal = staff.caller.refusal(for: .workQueue) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            let waiting = try connection.queryOne(
                "SELECT count(*) FROM feed_request WHERE shop_id = \(shop)::bigint AND ended_at IS NULL"
            ) { try $0.next(Int.self) }
            guard (waiting ?? 0) < Store.feedRequestsWaitingMax else {
                return .failure(.invalidField(field: "request", expected: "at most \(Store.feedRequestsWaitingMax) waiting requests"))
            }
            let asked = try connection.execute(
                """
                INSERT INTO feed_request (shop_id, kind, subject, user_id, asked_at)
                VALUES (\(shop)::bigint, \(errand.kind), \(errand.subject)::bigint, \(staff.id)::bigint, \(now)::timestamptz)
                ON CONFLICT (shop_id, kind, coalesce(subject, 0)) WHERE ended_at IS NULL DO NOTHING
                """)
            if asked > 0 {
                try Audit.write(
                    connection, shop: shop, by: staff.caller, action: "feed.\(errand.kind)", subject: errand.subject.map { String($0) } ?? "all", now: now)
            }
            try FeedNotice.wake(shop, connection)
            return .success(())
        }
    }

    /// The oldest request that waits; only for the holder of the shop's lease.
    public func nextFeedRequest(_ shop: ShopID) async throws -> FeedRequest? {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT \(sql: FeedRequest.columns) FROM feed_request r JOIN staff s ON s.shop_id = r.shop_id AND s.user_id = r.user_id
                 WHERE r.shop_id = \(shop)::bigint AND r.ended_at IS NULL ORDER BY r.request_id LIMIT 1
                """
            ) { try FeedRequest(&$0) }
        }
    }

    /// Writes down what came of a request, and tells those who wait for it.
    public func answerFeedRequest(_ request: FeedRequestID, in shop: ShopID, _ answer: FeedAnswer) async throws {
        let now = Timestamp.rounded(clock())
        let text = String(decoding: try JSONEncoder().encode(answer), as: UTF8.self)
        try await pool.transaction { connection in
            try connection.execute(
                """
                UPDATE feed_request SET ended_at = \(now)::timestamptz, answer = \(text)::jsonb
                 WHERE shop_id = \(shop)::bigint AND request_id = \(request)::bigint AND ended_at IS NULL
                """)
            try FeedNotice.done(shop, connection)
        }
    }

    /// What was asked of the shop's feed, the newest first.
    public func feedRequests(_ shop: ShopID) async throws -> [FeedRequest] {
        try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: FeedRequest.columns) FROM feed_request r JOIN staff s ON s.shop_id = r.shop_id AND s.user_id = r.user_id
                 WHERE r.shop_id = \(shop)::bigint ORDER BY r.request_id DESC LIMIT \(Store.feedRequestsShownMax)::bigint
                """
            ) { try FeedRequest(&$0) }
        }
    }
}
