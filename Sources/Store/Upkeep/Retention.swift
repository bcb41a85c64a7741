import FoundationEssentials
import Postgres

/// What is kept for a named time only, and then deleted.
public enum Retention: String, Sendable, Hashable, CaseIterable {
    /// Order documents that a newer one superseded; the last one stays.
    case orderVersions = "order-versions"
    /// Pushed deliveries that were handled.
    case deliveries
    /// Outbox rows that were fanned out.
    case outbox
    /// Outgoing messages that were delivered or given up.
    case hookDeliveries = "hook-deliveries"
    /// Answers to idempotency keys of calls (P5). Keys made from orders are unique constraints and stay for ever.
    case idempotencyKeys = "idempotency-keys"
    /// Sessions that are over, by idleness or by age: one that is over is not seen any more.
    case sessions
    /// Choices between shops that nobody made.
    case shopChoices = "shop-choices"
    /// Failures to sign in that count no more.
    case signInFailures = "sign-in-failures"
    /// What people asked of feeds, and what came of it.
    case feedRequests = "feed-requests"
    /// When a shop could not be read: longer than the year that its reports are looked at again.
    case feedOutages = "feed-outages"

    /// How long it is kept, in days.
    public var days: Int {
        switch self {
        case .orderVersions, .deliveries, .outbox, .hookDeliveries: 90
        case .idempotencyKeys: 35
        case .feedRequests: 30
        case .feedOutages: 800
        case .sessions, .shopChoices, .signInFailures: 1
        }
    }

    /// Rows deleted in one transaction.
    public static let rowsMax = 1_000

    fileprivate var table: String {
        switch self {
        case .orderVersions: "order_version"
        case .deliveries: "delivery"
        case .outbox: "outbox"
        case .hookDeliveries: "hook_delivery"
        case .idempotencyKeys: "idempotency_key"
        case .sessions: "session"
        case .shopChoices: "shop_choice"
        case .signInFailures: "sign_in_failure"
        case .feedRequests: "feed_request"
        case .feedOutages: "feed_outage"
        }
    }

    fileprivate func isOver(_ limit: Date) -> SQL {
        switch self {
        case .orderVersions: "superseded_at < \(limit)::timestamptz"
        case .deliveries: "handled_at < \(limit)::timestamptz"
        case .outbox: "created_at < \(limit)::timestamptz AND fanned_at IS NOT NULL"
        case .hookDeliveries: "created_at < \(limit)::timestamptz AND status <> 'waiting'"
        case .idempotencyKeys, .shopChoices: "created_at < \(limit)::timestamptz"
        case .sessions: "seen_at < \(limit)::timestamptz"
        case .feedRequests: "asked_at < \(limit)::timestamptz"
        case .feedOutages: "ended_at < \(limit)::timestamptz AND counted"
        case .signInFailures: "last_at < \(limit)::timestamptz AND wait_until < \(limit)::timestamptz"
        }
    }
}

extension Store {
    /// Deletes up to `limit` rows whose time is over, skipping rows that somebody is working on. Returns how many; fewer than `limit` means
    /// that nothing else is over.
    public func deleteExpired(_ retention: Retention, limit: Int = Retention.rowsMax) async throws -> Int {
        let over = clock().addingTimeInterval(-Double(retention.days) * 86_400)
        return try await pool.transaction { connection in
            try connection.execute(
                """
                DELETE FROM \(raw: retention.table) WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM \(raw: retention.table) WHERE \(sql: retention.isOver(over)) LIMIT \(limit)::bigint FOR UPDATE SKIP LOCKED))
                """)
        }
    }
}
