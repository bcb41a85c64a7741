import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Notified when something was put into the outbox, or is to be sent at once.
    public static let outboxChannel = "supportmeter_outbox"
    /// Outbox rows fanned out in one transaction.
    public static let fanOutMax = 200
    /// An attempt that has not been answered for so long counts as lost, and is made again. Longer than any attempt may take.
    public static let hookClaimSeconds = 60.0

    /// Tells when there may be something to send: at once, whenever the outbox was written, and after each lost connection. Ends with the task.
    public func outboxSignals() -> AsyncStream<Void> { signals(on: Store.outboxChannel) }

    /// Makes a delivery for each hook that wants what stands in the outbox, up to `fanOutMax` rows in one transaction, skipping rows that
    /// another daemon is at. A hook is told what happened since it was added. Returns how many rows were fanned out.
    public func fanOut(limit: Int = fanOutMax) async throws -> Int {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try connection.execute(
                """
                WITH waiting AS (
                    SELECT * FROM outbox WHERE fanned_at IS NULL ORDER BY outbox_id LIMIT \(limit)::bigint FOR UPDATE SKIP LOCKED
                ), made AS (
                    INSERT INTO hook_delivery (shop_id, hook_id, outbox_id, topic, body, created_at, cycle_at, next_at)
                    SELECT w.shop_id, h.hook_id, w.outbox_id, w.topic,
                           jsonb_build_object('type', w.topic, 'data', w.payload || jsonb_build_object('shop', s.slug),
                               'timestamp', to_char(w.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text,
                           w.created_at, \(now)::timestamptz, \(now)::timestamptz
                      FROM waiting w
                      JOIN hook h ON h.shop_id = w.shop_id AND h.retired_at IS NULL AND w.topic = ANY (h.topics) AND h.created_at <= w.created_at
                      JOIN shop s ON s.shop_id = w.shop_id
                     ORDER BY w.outbox_id
                    ON CONFLICT ON CONSTRAINT hook_delivery_once DO NOTHING
                )
                UPDATE outbox o SET fanned_at = \(now)::timestamptz FROM waiting w WHERE o.shop_id = w.shop_id AND o.outbox_id = w.outbox_id
                """)
        }
    }

    /// Claims deliveries that are due: at most `perHook` of a hook, those counted in `busy` included, and only one of a hook whose last
    /// attempt failed, so that nobody waits behind it. A claim counts as a begun attempt and lapses after `hookClaimSeconds`, when the next
    /// claim takes it over: at least once is the promise. Two daemons never hold the same claim.
    public func claimHookDeliveries(limit: Int, perHook: Int, busy: [HookID: Int] = [:]) async throws -> [HookAttempt] {
        let now = Timestamp.rounded(clock())
        let lapses = now.addingTimeInterval(Store.hookClaimSeconds)
        let (hooks, counts) = (Array(busy.keys), busy.keys.map { busy[$0] ?? 0 })
        return try await pool.transaction { connection in
            try connection.query(
                """
                WITH due AS (
                    SELECT x.shop_id, x.delivery_id
                      FROM hook h
                      LEFT JOIN unnest(\(hooks)::bigint[], \(counts)::bigint[]) AS b (hook_id, busy) ON b.hook_id = h.hook_id
                     CROSS JOIN LATERAL (
                            SELECT d.shop_id, d.delivery_id, d.next_at FROM hook_delivery d
                             WHERE d.shop_id = h.shop_id AND d.hook_id = h.hook_id AND d.status = 'waiting' AND d.next_at <= \(now)::timestamptz
                             ORDER BY d.next_at, d.delivery_id
                             LIMIT greatest(0, CASE WHEN h.failures > 0 THEN 1 ELSE \(perHook)::bigint END - coalesce(b.busy, 0))
                               FOR UPDATE OF d SKIP LOCKED) x
                     WHERE h.retired_at IS NULL
                     ORDER BY x.next_at, x.delivery_id LIMIT \(limit)::bigint)
                UPDATE hook_delivery d SET attempts = d.attempts + 1, last_at = \(now)::timestamptz, next_at = \(lapses)::timestamptz
                  FROM due, hook h
                 WHERE d.shop_id = due.shop_id AND d.delivery_id = due.delivery_id AND h.shop_id = d.shop_id AND h.hook_id = d.hook_id
                RETURNING \(sql: HookAttempt.columns)
                """
            ) { try HookAttempt(&$0) }
        }
    }

    /// Claims one delivery that is due, whatever else its hook is busy with; nil when it is not due or another daemon has it.
    public func claimHookDelivery(_ id: HookDeliveryID, in shop: ShopID) async throws -> HookAttempt? {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            try connection.queryOne(
                """
                UPDATE hook_delivery d SET attempts = d.attempts + 1, last_at = \(now)::timestamptz,
                                           next_at = \(now.addingTimeInterval(Store.hookClaimSeconds))::timestamptz
                  FROM hook h
                 WHERE d.shop_id = \(shop)::bigint AND d.delivery_id = \(id)::bigint AND d.status = 'waiting' AND d.next_at <= \(now)::timestamptz
                   AND h.shop_id = d.shop_id AND h.hook_id = d.hook_id AND h.retired_at IS NULL
                RETURNING \(sql: HookAttempt.columns)
                """
            ) { try HookAttempt(&$0) }
        }
    }

    /// Writes how an attempt went. Does nothing when the claim was lost meanwhile.
    public func finish(_ attempt: HookAttempt, _ outcome: HookOutcome) async throws {
        let now = Timestamp.rounded(clock())
        let status: HookDelivery.Status = outcome.error == nil ? .delivered : outcome.nextAt == nil ? .failed : .waiting
        try await pool.transaction { connection in
            let changed = try connection.execute(
                """
                UPDATE hook_delivery SET status = \(status.rawValue), last_status = \(outcome.status)::integer, last_error = \(outcome.error),
                       next_at = coalesce(\(outcome.nextAt)::timestamptz, next_at),
                       delivered_at = \(status == .delivered ? now : nil)::timestamptz
                 WHERE shop_id = \(attempt.shop)::bigint AND delivery_id = \(attempt.delivery)::bigint AND status = 'waiting'
                   AND attempts = \(attempt.number)::integer AND cycle_at = \(attempt.cycleAt)::timestamptz
                """)
            guard changed == 1 else { return }
            try connection.execute(
                """
                UPDATE hook SET failures = \(raw: status == .delivered ? "0" : "failures + 1")
                 WHERE shop_id = \(attempt.shop)::bigint AND hook_id = \(attempt.hook)::bigint
                   AND (failures > 0 OR \(status != .delivered)::boolean)
                """)
        }
    }

    /// When the next delivery is due; nil when none waits. For whoever sleeps until then.
    public func nextHookDelivery() async throws -> Date? {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT min(x.next_at) FROM hook h
                 CROSS JOIN LATERAL (SELECT d.next_at FROM hook_delivery d
                                      WHERE d.shop_id = h.shop_id AND d.hook_id = h.hook_id AND d.status = 'waiting'
                                      ORDER BY d.next_at LIMIT 1) x
                 WHERE h.retired_at IS NULL
                """
            ) { try $0.next(Date?.self) } ?? nil
        }
    }

    /// What waits, for metrics: rows not yet fanned out, and deliveries not yet made.
    public func outboxBacklog() async throws -> (rows: Int, deliveries: Int) {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT (SELECT count(*) FROM outbox WHERE fanned_at IS NULL), (SELECT count(*) FROM hook_delivery WHERE status = 'waiting')
                """
            ) { (rows: try $0.next(Int.self), deliveries: try $0.next(Int.self)) } ?? (0, 0)
        }
    }
}
