import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Calls looked at in one sweep.
    public static let callSweepMax = 200

    /// Looks at the calls that run: warns at 80 % and 100 % of what was left when they started, and extends their holds. Returns how many it
    /// wrote something for. A call longer than `callSecondsMax` is left alone.
    public func sweepCalls(limit: Int = callSweepMax) async throws -> Int {
        let now = Timestamp.rounded(clock())
        let oldest = now.addingTimeInterval(-Double(Store.callSecondsMax))
        let soon = now.addingTimeInterval(Store.callHoldSeconds / 2)
        let running = try await pool.read { connection in
            try connection.query(
                """
                SELECT c.shop_id, c.call_id, c.ticket_id, c.started_at, c.covered_seconds, c.warned_percent, h.hold_id, h.deadline
                  FROM call c LEFT JOIN hold h ON h.shop_id = c.shop_id AND h.hold_id = c.hold_id AND h.status = 'active'
                 WHERE c.ended_at IS NULL AND c.started_at > \(oldest)::timestamptz ORDER BY c.started_at LIMIT \(limit)::bigint
                """
            ) { row in
                RunningCall(
                    shop: try row.next(), id: try row.next(), ticket: try row.next(), startedAt: try row.next(), coveredSeconds: try row.next(),
                    warned: try row.next(), hold: try row.next(), deadline: try row.next())
            }
        }
        var written = 0
        for call in running {
            let percent = call.warning(now: now)
            let isDue = call.hold != nil && (call.deadline ?? now) < soon
            guard percent > call.warned || isDue else { continue }
            try await pool.transaction { try call.look($0, percent: percent, extending: isDue, now: now) }
            written += 1
        }
        return written
    }
}

private struct RunningCall: Sendable {
    let shop: ShopID
    let id: CallID
    let ticket: TicketID
    let startedAt: Date
    let coveredSeconds: Int?
    let warned: Int
    let hold: HoldID?
    let deadline: Date?

    /// 0, 80 or 100.
    func warning(now: Date) -> Int {
        let percent = CallMeter.percent(max(0, Int(now.timeIntervalSince(startedAt))), of: coveredSeconds) ?? 0
        return percent >= 100 ? 100 : percent >= 80 ? 80 : 0
    }

    func look(_ connection: Connection, percent: Int, extending: Bool, now: Date) throws {
        if extending, let hold {
            let deadline = now.addingTimeInterval(Store.callHoldSeconds)
            try connection.execute(
                "SELECT status FROM extend_hold(\(shop)::bigint, \(hold)::bigint, \(deadline)::timestamptz, \(now)::timestamptz)")
        }
        let isNews = try connection.execute(
            """
            UPDATE call SET warned_percent = \(percent)::integer
             WHERE shop_id = \(shop)::bigint AND call_id = \(id)::bigint AND ended_at IS NULL AND warned_percent < \(percent)::integer
            """)
        guard isNews == 1 else { return }
        try ConversationRows.event(
            connection, shop: shop, ticket: ticket, .callWarned, by: nil, before: nil, after: String(percent), now: now)
        try DeskTell.conversation(connection, shop: shop, ticket: ticket)
    }
}
