import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Whoever has this address and password, at the shop of the slug or at any. `address` is the caller's on the network.
    ///
    /// Takes as long for an address that nobody has, counts failures per account and per network address, and slows down after some.
    public func signIn(email: String, password: SecretText, slug: String? = nil, from address: String) async throws -> SignInOutcome {
        guard SignInGate.enter() else { return .wait(seconds: SignInPace.checkingWaitSeconds) }
        defer { SignInGate.leave() }
        let email = StaffCheck.folded(email)
        let names = [SignInName(.account, email), SignInName(.address, address)]
        let now = Timestamp.rounded(clock())
        if let wait = try await pool.transaction({ try SignInName.count($0, names, now: now) }) { return .wait(seconds: wait) }
        let right = try await matching(email: email, password: password, slug: slug)
        guard let first = right.first else { return .wrong }
        try await pool.transaction { try SignInName.clear($0, names, now: now) }
        return right.count == 1 ? .right(first) : .several(right)
    }

    /// Those whose password it is, by shop.
    private func matching(email: String, password: SecretText, slug: String?) async throws -> [Staff] {
        let known: [(staff: Staff, hash: String)] = try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: StaffRows.columns), password_hash FROM staff
                 WHERE email = \(email) AND retired_at IS NULL
                   AND EXISTS (SELECT FROM shop p WHERE p.shop_id = staff.shop_id AND p.retired_at IS NULL
                                                    AND (\(slug)::text IS NULL OR p.slug = \(slug)::text))
                 ORDER BY shop_id LIMIT \(SignInPace.shopsMax)::bigint
                """
            ) { row in (staff: try StaffRows.read(&row), hash: try row.next(String.self)) }
        }
        let isTooLong = password.value.count > PasswordHash.lengthMax
        let tried = isTooLong ? "" : password.value
        var right: [Staff] = []
        for (staff, hash) in known {
            if try await PasswordHash.verify(tried, hash), !isTooLong { right.append(staff) }
        }
        if known.isEmpty { _ = try await PasswordHash.verify(tried, PasswordHash.nobody) }
        return right
    }

    /// Remembers between which shops somebody has yet to choose. Returns the browser's cookie for it.
    public func offerShops(_ staff: [Staff]) async throws -> SecretText {
        let now = Timestamp.rounded(clock())
        let cookie = SessionCookie.random()
        let hash = SessionCookie.hash(cookie)
        try await pool.transaction { connection in
            for one in staff {
                try connection.execute(
                    """
                    INSERT INTO shop_choice (shop_id, hash, user_id, created_at)
                    VALUES (\(one.shop)::bigint, \(hash), \(one.id)::bigint, \(now)::timestamptz)
                    """)
            }
        }
        return SecretText(cookie)
    }

    /// Between whom the browser with this cookie may choose: none once that is too long ago.
    public func offeredShops(cookie: String) async throws -> [Staff] {
        guard cookie.utf8.count <= SessionCookie.lengthMax else { return [] }
        let since = clock().addingTimeInterval(-SessionLimits.choiceSecondsMax)
        return try await pool.read { connection in
            try connection.query(
                """
                SELECT \(sql: StaffRows.columns) FROM staff
                 WHERE retired_at IS NULL AND EXISTS (
                       SELECT FROM shop_choice c WHERE c.hash = \(SessionCookie.hash(cookie)) AND c.shop_id = staff.shop_id
                          AND c.user_id = staff.user_id AND c.created_at > \(since)::timestamptz)
                 ORDER BY shop_id
                """
            ) { try StaffRows.read(&$0) }
        }
    }

    /// The choice was made: the cookie offers nothing more.
    public func forgetOffer(cookie: String) async throws {
        try await pool.transaction { _ = try $0.execute("DELETE FROM shop_choice WHERE hash = \(SessionCookie.hash(cookie))") }
    }
}
