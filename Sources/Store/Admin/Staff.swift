import Domain
import FoundationEssentials
import Postgres

/// Someone who works at a shop.
public struct Staff: Sendable, Hashable {
    public let id: UserID
    public let shop: ShopID
    /// Trimmed and case-folded.
    public let email: String
    public let name: String
    public let role: Role
    /// `en`, `sl`, `et`, ...: what the console speaks to them.
    public let language: String
    public let createdAt: Date
    public let isRetired: Bool

    /// Who asks, when they do.
    public var caller: Caller { .user(email, role: role) }
}

/// What is to be another for someone; nil leaves it as it is.
public struct StaffChange: Sendable {
    public var name: String?
    public var role: Role?
    public var password: SecretText?
    public var language: String?

    public init(name: String? = nil, role: Role? = nil, password: SecretText? = nil, language: String? = nil) {
        self.name = name
        self.role = role
        self.password = password
        self.language = language
    }
}

enum StaffRows {
    static let columns: SQL = "user_id, shop_id, email, name, role, language, created_at, retired_at IS NOT NULL"

    static func read(_ row: inout Row) throws -> Staff {
        Staff(
            id: try row.next(), shop: try row.next(), email: try row.next(), name: try row.next(), role: try row.next(),
            language: try row.next(), createdAt: try row.next(), isRetired: try row.next())
    }
}

/// The bounds of what is known of staff.
enum StaffCheck {
    static let nameMax = 200
    static let emailMax = 254

    /// Trimmed and case-folded, as it is kept and compared.
    static func folded(_ email: String) -> String {
        String(email.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed()).lowercased()
    }

    static func email(_ email: String) -> Refusal? {
        let parts = email.split(separator: "@", omittingEmptySubsequences: false)
        let isGood = parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && email.utf8.count <= emailMax
            && !email.contains { $0.isWhitespace || $0 == "," || $0 == "<" || $0 == ">" } && email.unicodeScalars.allSatisfy { $0.value > 0x20 }
        return isGood ? nil : ShopCheck.wrong("email", "an address such as ana@example.com", email)
    }

    static func name(_ name: String) -> Refusal? { Texts.refusal(name, field: "name", max: nameMax) }

    static func password(_ password: SecretText) -> Refusal? {
        let isGood = (PasswordHash.lengthMin...PasswordHash.lengthMax).contains(password.value.count) && !password.value.utf8.contains(0)
        return isGood ? nil : .invalidField(field: "password", expected: "\(PasswordHash.lengthMin) to \(PasswordHash.lengthMax) characters")
    }

    static func language(_ language: String) -> Refusal? {
        let isGood = language.utf8.count == 2 && language.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return isGood ? nil : ShopCheck.wrong("language", "two letters of ISO 639-1 such as sl", language)
    }
}
