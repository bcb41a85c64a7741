import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Whoever has this address and password, at the shop of the slug or at any. `address` is the caller's on the network.
    ///
    /// Takes as long for an address that nobody has or that many shops have, counts failures per account and per network address, and slows down after some.
    public func signIn(email: String, password: SecretText, slug: String? = nil, from address: String) async throws -> SignInOutcome {
        guard SignInGate.enter() else { return .wait(seconds: SignInPace.checkingWaitSeconds) }
        defer { SignInGate.leave() }
        let email = StaffCheck.folded(email)
        let names = [SignInName(.account, email), SignInName(.address, NetworkPart.of(address))]
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
        let verified = try await PasswordHash.verify(tried, known.map(\.hash))
        let right = zip(known, verified).filter { $0.1 && !isTooLong }.map(\.0)
        try await unite(right)
        return right.map(\.staff)
    }

    /// Rows of one person that were made with salts of their own are given the first one's text, now that their password is known to be the same.
    private func unite(_ right: [(staff: Staff, hash: String)]) async throws {
        guard let first = right.first else { return }
        for (staff, hash) in right where PasswordHash.recipe(of: hash) != PasswordHash.recipe(of: first.hash) {
            _ = try await pool.transaction { connection in
                try connection.execute(
                    """
                    UPDATE staff SET password_hash = \(first.hash)
                     WHERE shop_id = \(staff.shop)::bigint AND user_id = \(staff.id)::bigint AND password_hash = \(hash)
                    """)
            }
        }
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
