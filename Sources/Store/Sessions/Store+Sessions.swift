import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Begins a session under a cookie that nobody has seen before, which is returned and never told again.
    public func openSession(of staff: Staff, browser: String, address: String) async throws -> SecretText {
        let now = Timestamp.rounded(clock())
        let cookie = SessionCookie.make(staff.shop)
        try await pool.transaction { connection in
            try Store.insertSession(connection, of: staff, cookie: cookie, browser: browser, address: address, now: now)
        }
        return SecretText(cookie)
    }

    static func insertSession(
        _ connection: Connection, of staff: Staff, cookie: String, browser: String, address: String, now: Date
    ) throws {
        try connection.execute(
            """
            INSERT INTO session (shop_id, user_id, hash, created_at, seen_at, browser, address)
            VALUES (\(staff.shop)::bigint, \(staff.id)::bigint, \(SessionCookie.hash(cookie)), \(now)::timestamptz, \(now)::timestamptz,
                    \(Store.plain(browser, SessionLimits.browserMax)), \(Store.plain(address, SessionLimits.addressMax)))
            """)
        try connection.execute(
            """
            DELETE FROM session WHERE shop_id = \(staff.shop)::bigint AND user_id = \(staff.id)::bigint AND session_id NOT IN (
                SELECT session_id FROM session WHERE shop_id = \(staff.shop)::bigint AND user_id = \(staff.id)::bigint
                 ORDER BY seen_at DESC, session_id DESC LIMIT \(SessionLimits.perPersonMax)::bigint)
            """)
        try Audit.write(connection, shop: staff.shop, by: staff.caller, action: "user.sign-in", subject: staff.email, now: now)
    }

    /// Who shows the cookie; nil when it is unknown or its session is over.
    public func visitor(cookie: String) async throws -> (session: Session, staff: Staff)? {
        guard let shop = SessionCookie.shop(cookie) else { return nil }
        let now = Timestamp.rounded(clock())
        let found = try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT \(sql: SessionRows.columns), u.* FROM session s
                  JOIN shop p ON p.shop_id = s.shop_id AND p.retired_at IS NULL
                 CROSS JOIN LATERAL (SELECT \(sql: StaffRows.columns) FROM staff
                                      WHERE staff.shop_id = s.shop_id AND staff.user_id = s.user_id AND staff.retired_at IS NULL) u
                 WHERE s.shop_id = \(shop)::bigint AND s.hash = \(SessionCookie.hash(cookie))
                   AND s.seen_at > \(now.addingTimeInterval(-SessionLimits.idleSecondsMax))::timestamptz
                   AND s.created_at > \(now.addingTimeInterval(-SessionLimits.ageSecondsMax))::timestamptz
                """
            ) { row in (session: try SessionRows.read(&row), staff: try StaffRows.read(&row)) }
        }
        guard let found else { return nil }
        if now.timeIntervalSince(found.session.seenAt) >= SessionLimits.seenSeconds {
            _ = try await pool.transaction { connection in
                try connection.execute(
                    """
                    UPDATE session SET seen_at = \(now)::timestamptz
                     WHERE shop_id = \(shop)::bigint AND session_id = \(found.session.id)::bigint AND seen_at < \(now)::timestamptz
                    """)
            }
        }
        return found
    }

    /// Somebody's sessions that are not over, the last seen first.
    public func sessions(of user: UserID, in shop: ShopID) async throws -> [Session] {
        let now = clock()
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: SessionRows.columns) FROM session s
                 WHERE s.shop_id = \(shop)::bigint AND s.user_id = \(user)::bigint
                   AND s.seen_at > \(now.addingTimeInterval(-SessionLimits.idleSecondsMax))::timestamptz
                   AND s.created_at > \(now.addingTimeInterval(-SessionLimits.ageSecondsMax))::timestamptz
                 ORDER BY s.seen_at DESC, s.session_id DESC
                """
            ) { try SessionRows.read(&$0) }
        }
    }

    /// Ends one of somebody's own sessions; false when they have none of that number.
    public func endSession(_ session: SessionID, of user: UserID, in shop: ShopID) async throws -> Bool {
        try await pool.transaction { connection in
            try connection.execute(
                """
                DELETE FROM session
                 WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint AND session_id = \(session)::bigint
                """) > 0
        }
    }

    /// Signs somebody out everywhere. Returns how many sessions ended.
    public func endSessions(of staff: Staff, by caller: Caller) async throws -> Int {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            let ended = try SessionRows.end(connection, of: staff.id, in: staff.shop)
            try Audit.write(
                connection, shop: staff.shop, by: caller, action: "user.sign-out-everywhere", subject: staff.email,
                detail: ["sessions": String(ended)], now: now)
            return ended
        }
    }

    /// One line, of bounded length, without what PostgreSQL or a terminal would stumble over.
    private static func plain(_ text: String, _ lengthMax: Int) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(lengthMax) where scalar.value >= 0x20 && scalar.value != 0x7F { scalars.append(scalar) }
        return String(scalars)
    }
}
