import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// What the console speaks to somebody, as they chose it.
    public func setOwnLanguage(_ language: String, of staff: Staff) async throws -> Refusal? {
        if let refusal = StaffCheck.language(language) { return refusal }
        _ = try await pool.transaction { connection in
            try connection.execute(
                "UPDATE staff SET language = \(language) WHERE shop_id = \(staff.shop)::bigint AND user_id = \(staff.id)::bigint")
        }
        return nil
    }

    /// Gives somebody the password that they want, if they know the one they have. Every session of theirs ends; a new one begins, whose
    /// cookie is returned. Guesses at the old password count as failures to sign in do.
    public func changeOwnPassword(
        of staff: Staff, from old: SecretText, to new: SecretText, browser: String, address: String
    ) async throws -> PasswordOutcome {
        if let refusal = StaffCheck.password(new) { return .refused(refusal) }
        let checked: SecretText = old.value.count > PasswordHash.lengthMax ? SecretText("") : old
        let slug = try await shop(staff.shop)?.slug
        switch try await signIn(email: staff.email, password: checked, slug: slug, from: address) {
        case .wait(let seconds): return .wait(seconds: seconds)
        case .wrong, .several: return .wrong
        case .right: break
        }
        let hash = try await passwordHash(new, of: staff.email)
        let now = Timestamp.rounded(clock())
        let cookie = SessionCookie.make(staff.shop)
        try await pool.transaction { connection in
            try connection.execute(
                "UPDATE staff SET password_hash = \(hash) WHERE shop_id = \(staff.shop)::bigint AND user_id = \(staff.id)::bigint")
            try SessionRows.end(connection, of: staff.id, in: staff.shop)
            try Audit.write(connection, shop: staff.shop, by: staff.caller, action: "user.own-password", subject: staff.email, now: now)
            try Store.insertSession(connection, of: staff, cookie: cookie, browser: browser, address: address, now: now)
        }
        return .changed(cookie: SecretText(cookie))
    }
}

/// What came of somebody's wish for a new password.
public enum PasswordOutcome: Sendable {
    case changed(cookie: SecretText)
    /// The old one is another.
    case wrong
    case wait(seconds: Int)
    case refused(Refusal)
}
