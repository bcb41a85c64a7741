import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Adds someone to a shop's staff. An address that is there already is refused, also when it was retired: `setUser` brings it back.
    public func addUser(
        email: String, name: String, role: Role, password: SecretText, language: String = "en", to shop: ShopID, by caller: Caller
    ) async throws -> Result<Staff, Refusal> {
        let email = StaffCheck.folded(email)
        if let refusal = caller.refusal(for: .manageAccess) ?? StaffCheck.email(email) ?? StaffCheck.name(name)
            ?? StaffCheck.password(password) ?? StaffCheck.language(language)
        { return .failure(refusal) }
        let hash = try await passwordHash(password, of: email)
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            let staff = try connection.queryOne(
                """
                INSERT INTO staff (shop_id, email, name, role, password_hash, language, created_at)
                VALUES (\(shop)::bigint, \(email), \(name), \(role), \(hash), \(language), \(now)::timestamptz)
                ON CONFLICT ON CONSTRAINT staff_email_unique DO NOTHING RETURNING \(sql: StaffRows.columns)
                """
            ) { try StaffRows.read(&$0) }
            guard let staff else {
                return .failure(.alreadyThere(what: "user", name: email))
            }
            try Audit.write(
                connection, shop: shop, by: caller, action: "user.add", subject: email, detail: ["name": name, "role": role.rawValue], now: now)
            return .success(staff)
        }
    }

    /// Changes someone, who works there again when they were retired. A new password or role ends their sessions.
    public func setUser(_ email: String, _ change: StaffChange, in shop: ShopID, by caller: Caller) async throws -> Result<Staff, Refusal> {
        let email = StaffCheck.folded(email)
        if let refusal = caller.refusal(for: .manageAccess) ?? change.name.flatMap(StaffCheck.name)
            ?? change.password.flatMap(StaffCheck.password) ?? change.language.flatMap(StaffCheck.language)
        { return .failure(refusal) }
        var hash: String?
        if let password = change.password { hash = try await passwordHash(password, of: email) }
        let newHash = hash
        var detail: [String: String] = [:]
        detail["name"] = change.name
        detail["role"] = change.role?.rawValue
        detail["language"] = change.language
        detail["password"] = change.password?.description
        return try await changeUser(
            email, in: shop, by: caller, action: "user.set", detail: detail,
            """
            name = coalesce(\(change.name), name), role = coalesce(\(change.role?.rawValue), role), retired_at = NULL,
            password_hash = coalesce(\(newHash), password_hash), language = coalesce(\(change.language), language)
            """)
    }

    /// They can no longer sign in, and are signed out; what they did stays.
    public func retireUser(_ email: String, in shop: ShopID, by caller: Caller) async throws -> Result<Staff, Refusal> {
        if let refusal = caller.refusal(for: .manageAccess) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await changeUser(
            StaffCheck.folded(email), in: shop, by: caller, action: "user.retire", "retired_at = coalesce(retired_at, \(now)::timestamptz)")
    }

    /// A shop's staff by address, also who is retired.
    public func users(of shop: ShopID) async throws -> [Staff] {
        try await pool.read { connection in
            try connection.query("SELECT \(sql: StaffRows.columns) FROM staff WHERE shop_id = \(shop)::bigint ORDER BY email") {
                try StaffRows.read(&$0)
            }
        }
    }

    /// One of a shop's staff, also retired; nil when the shop has none of that number.
    public func user(_ id: UserID, in shop: ShopID) async throws -> Staff? {
        try await pool.read { connection in
            try connection.queryOne(
                "SELECT \(sql: StaffRows.columns) FROM staff WHERE shop_id = \(shop)::bigint AND user_id = \(id)::bigint"
            ) { try StaffRows.read(&$0) }
        }
    }

    /// The person whose address and password these are; nil when there is none, which takes as long to say.
    public func signIn(email: String, password: SecretText, shop: ShopID) async throws -> Staff? {
        let email = StaffCheck.folded(email)
        let found = try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT \(sql: StaffRows.columns), password_hash FROM staff
                 WHERE shop_id = \(shop)::bigint AND email = \(email) AND retired_at IS NULL
                """
            ) { row in (staff: try StaffRows.read(&row), hash: try row.next(String.self)) }
        }
        guard password.value.count <= PasswordHash.lengthMax else { return nil }
        let isRight = try await PasswordHash.verify(password.value, [found?.hash].compactMap { $0 })
        return isRight == [true] ? found?.staff : nil
    }

    /// How a new password of this address is kept: with the salt that the address has at every shop.
    func passwordHash(_ password: SecretText, of email: String) async throws -> String {
        let known = try await pool.read { connection in
            try connection.queryOne("SELECT password_hash FROM staff WHERE email = \(email) ORDER BY shop_id LIMIT 1") { try $0.next(String.self) }
        }
        return try await PasswordHash.make(password.value, sharing: known)
    }

    private func changeUser(
        _ email: String, in shop: ShopID, by caller: Caller, action: String, detail: [String: String] = [:], _ change: SQL
    ) async throws -> Result<Staff, Refusal> {
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            let old = try connection.queryOne(
                "SELECT role, password_hash FROM staff WHERE shop_id = \(shop)::bigint AND email = \(email) FOR UPDATE"
            ) { row in (role: try row.next(Role.self), hash: try row.next(String.self)) }
            let new = try connection.queryOne(
                """
                UPDATE staff SET \(sql: change) WHERE shop_id = \(shop)::bigint AND email = \(email)
                RETURNING \(sql: StaffRows.columns), password_hash
                """
            ) { row in (staff: try StaffRows.read(&row), hash: try row.next(String.self)) }
            guard let old, let new else { return .failure(.unknown(what: "user", name: email)) }
            if new.staff.isRetired || new.staff.role != old.role || new.hash != old.hash {
                try SessionRows.end(connection, of: new.staff.id, in: shop)
            }
            try Audit.write(connection, shop: shop, by: caller, action: action, subject: email, detail: detail, now: now)
            return .success(new.staff)
        }
    }
}
