import Domain
import FoundationEssentials
import Postgres

/// Thrown when a pass finds that its lease went to somebody else: what it was about to write is not written.
public struct FeedLeaseLost: Error, Sendable, CustomStringConvertible {
    public let owner: String
    public init(owner: String) { self.owner = owner }
    public var description: String { "the lease of the shop's feed went to another process" }
}

extension Store {
    /// NOTIFY on this channel, with the shop's id, wakes whoever holds the shop's lease.
    public static let feedChannel = "supportmeter_feed"
    /// NOTIFY on this channel, with the shop's id, says that a pass or a sweep has ended.
    public static let feedDoneChannel = "supportmeter_feed_done"

    /// Where the feed stands; nil before anybody ever looked at the shop.
    public func feedState(_ shop: ShopID) async throws -> FeedState? {
        try await pool.read { try Store.feedState(shop, $0) }
    }

    static func feedState(_ shop: ShopID, _ connection: Connection) throws -> FeedState? {
        try connection.queryOne("SELECT \(sql: FeedState.columns) FROM feed f WHERE f.shop_id = \(shop)::bigint") { try FeedState(&$0) }
    }

    /// Takes or renews the shop's lease; nil when another owner's is still good. Only its holder reads the shop.
    public func takeFeedLease(_ shop: ShopID, owner: String, seconds: Double) async throws -> FeedState? {
        let now = clock()
        return try await pool.transaction { connection in
            try connection.execute("INSERT INTO feed (shop_id) VALUES (\(shop)::bigint) ON CONFLICT DO NOTHING")
            return try connection.queryOne(
                """
                UPDATE feed f SET lease_owner = \(owner), lease_until = \(now.addingTimeInterval(seconds))::timestamptz
                 WHERE f.shop_id = \(shop)::bigint
                   AND (f.lease_owner IS NULL OR f.lease_owner = \(owner) OR f.lease_until <= \(now)::timestamptz)
                RETURNING \(sql: FeedState.columns)
                """
            ) { try FeedState(&$0) }
        }
    }

    /// Gives the lease back, if it is still the owner's, and wakes whoever waits for it.
    public func releaseFeedLease(_ shop: ShopID, owner: String) async throws {
        try await pool.transaction { connection in
            let released = try connection.execute(
                """
                UPDATE feed SET lease_owner = NULL, lease_until = NULL WHERE shop_id = \(shop)::bigint AND lease_owner = \(owner)
                """)
            if released > 0 { try FeedNotice.done(shop, connection) }
        }
    }

    /// Lets go of all leases that daemons hold. Only for whoever knows that all of them are dead: nobody then has to wait for their leases' end.
    public func releaseDaemonLeases() async throws {
        try await pool.transaction { connection in
            _ = try connection.execute("UPDATE feed SET lease_owner = NULL, lease_until = NULL WHERE lease_owner LIKE 'daemon-%'")
            _ = try connection.execute("UPDATE month_export SET lease_owner = NULL, lease_until = NULL WHERE made_at IS NULL AND lease_owner LIKE 'daemon-%'")
        }
    }

    /// Throws `FeedLeaseLost` unless the owner still holds the lease; locks the row until the transaction ends.
    static func checkFeedLease(_ shop: ShopID, owner: String, _ connection: Connection) throws {
        let holder = try connection.queryOne("SELECT lease_owner FROM feed WHERE shop_id = \(shop)::bigint FOR UPDATE") { try $0.next(String?.self) }
        guard holder == owner else { throw FeedLeaseLost(owner: owner) }
    }
}

/// What wakes a feed, sent with the transaction that gives reason to.
enum FeedNotice {
    static func wake(_ shop: ShopID, _ connection: Connection) throws {
        try connection.execute("SELECT pg_notify(\(Store.feedChannel), \(String(shop.rawValue)))")
    }

    static func done(_ shop: ShopID, _ connection: Connection) throws {
        try connection.execute("SELECT pg_notify(\(Store.feedDoneChannel), \(String(shop.rawValue))), desk_tell(\(shop)::bigint, 0, 'feed')")
    }
}
