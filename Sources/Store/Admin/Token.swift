import Crypto
import Domain
import FoundationEssentials
import Postgres

/// A token's row; the token itself is known only to whom it was shown.
public struct TokenID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension TokenID: PostgresValue {}

/// What is known of a token of another program.
public struct TokenView: Sendable, Hashable {
    public let id: TokenID
    public let shop: ShopID
    /// What entries show as their agent.
    public let label: String
    public let scopes: Set<TokenScope>
    public let createdAt: Date
    public let isRetired: Bool

    /// `balance:read,usage:write`, by name.
    public var scopeText: String { scopes.map(\.rawValue).sorted().joined(separator: ",") }
}

/// The token itself: `sm_` and 32 random bytes in base64url. Stored as its SHA-256, which is enough for 256 random bits.
enum TokenText {
    static let prefix = "sm_"
    private static let randomBytes = 32
    /// What is looked at; nothing longer is a token.
    static let lengthMax = 100

    static func make() -> String {
        let bytes = (0..<randomBytes).map { _ in UInt8.random(in: .min ... .max) }
        let plain = Data(bytes).base64EncodedString()
        return prefix + plain.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func hash(_ token: String) -> [UInt8] { Array(SHA256.hash(data: Array(token.utf8))) }
}
