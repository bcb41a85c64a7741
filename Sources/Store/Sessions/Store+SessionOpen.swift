import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Whether a session is not over yet. Asking is no request of its owner: it does not keep the session alive.
    public func isSessionOpen(_ session: SessionID, in shop: ShopID) async throws -> Bool {
        let now = clock()
        return try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT true FROM session s JOIN shop p ON p.shop_id = s.shop_id AND p.retired_at IS NULL
                 WHERE s.shop_id = \(shop)::bigint AND s.session_id = \(session)::bigint
                   AND s.seen_at > \(now.addingTimeInterval(-SessionLimits.idleSecondsMax))::timestamptz
                   AND s.created_at > \(now.addingTimeInterval(-SessionLimits.ageSecondsMax))::timestamptz
                """
            ) { try $0.next(Bool.self) } ?? false
        }
    }
}
