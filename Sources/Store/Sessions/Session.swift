import Crypto
import Domain
import FoundationEssentials
import Postgres

/// A browser that is signed in.
public struct SessionID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension SessionID: PostgresValue {}

/// One session as its owner may see it.
public struct Session: Sendable, Hashable {
    public let id: SessionID
    public let createdAt: Date
    /// The last request, to the minute.
    public let seenAt: Date
    /// What the browser says it is.
    public let browser: String
    /// The network address that it signed in from.
    public let address: String
}

/// The bounds of sessions.
public enum SessionLimits {
    /// Without a request for so long a session is over.
    public static let idleSecondsMax = 12.0 * 3600
    /// Whatever it does, a session is over after so long.
    public static let ageSecondsMax = 14.0 * 86_400
    /// `seen_at` is written at most so often.
    public static let seenSeconds = 60.0
    /// Sessions of one person; the ones unseen for longest end when there are more.
    public static let perPersonMax = 20
    /// A choice between shops must be made within so long.
    public static let choiceSecondsMax = 300.0
    /// Characters kept of a browser's name and of an address.
    static let browserMax = 200
    static let addressMax = 64
}

/// What a browser shows to say who it is: the shop's number, a dot, and 32 random bytes in base64url.
public enum SessionCookie {
    static let randomBytes = 32
    /// What is looked at; nothing longer is a cookie of ours.
    static let lengthMax = 100

    /// Random text that nobody guesses.
    public static func random() -> String {
        let bytes = (0..<randomBytes).map { _ in UInt8.random(in: .min ... .max) }
        return Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func make(_ shop: ShopID) -> String { "\(shop).\(random())" }

    static func hash(_ text: String) -> [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }

    /// Nil when the text is none of ours.
    static func shop(_ text: String) -> ShopID? {
        guard text.utf8.count <= lengthMax, let dot = text.firstIndex(of: "."), let number = Int64(text[..<dot]), number > 0 else { return nil }
        return ShopID(number)
    }
}

enum SessionRows {
    static let columns: SQL = "s.session_id, s.created_at, s.seen_at, s.browser, s.address"

    static func read(_ row: inout Row) throws -> Session {
        Session(id: try row.next(), createdAt: try row.next(), seenAt: try row.next(), browser: try row.next(), address: try row.next())
    }

    /// Ends all of somebody's sessions and open choices; `keeping` leaves one.
    @discardableResult
    static func end(_ connection: Connection, of user: UserID, in shop: ShopID, keeping kept: SessionID? = nil) throws -> Int {
        try connection.execute("DELETE FROM shop_choice WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint")
        return try connection.execute(
            """
            DELETE FROM session WHERE shop_id = \(shop)::bigint AND user_id = \(user)::bigint AND session_id IS DISTINCT FROM \(kept)::bigint
            """)
    }
}
