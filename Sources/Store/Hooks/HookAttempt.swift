import Domain
import FoundationEssentials
import Postgres

/// A delivery that this daemon has claimed and is about to send.
public struct HookAttempt: Sendable {
    public let shop: ShopID
    public let delivery: HookDeliveryID
    public let hook: HookID
    public let url: String
    /// Nil when what is stored is no secret of the right form.
    public let secret: HookSecret?
    public let allowsPrivate: Bool
    public let body: String
    /// From 1 in each cycle. Also tells this claim from a later one.
    public let number: Int
    public let cycleAt: Date

    public var messageID: String { HookDelivery.messageID(shop: shop, delivery: delivery) }

    static let columns: SQL = """
        d.shop_id, d.delivery_id, d.hook_id, h.url, h.secret, h.allow_private, d.body, d.attempts, d.cycle_at
        """

    init(_ row: inout Row) throws {
        shop = try row.next()
        delivery = try row.next()
        hook = try row.next()
        url = try row.next()
        secret = HookSecret(SecretText(try row.next()))
        allowsPrivate = try row.next()
        body = try row.next()
        number = try row.next()
        cycleAt = try row.next()
    }
}

/// How an attempt went.
public struct HookOutcome: Sendable, Hashable {
    /// The HTTP status of the answer; nil when there was none.
    public var status: Int?
    /// One line; nil when it was delivered.
    public var error: String?
    /// When to try again; nil when it was delivered, or is given up.
    public var nextAt: Date?

    public init(status: Int?, error: String? = nil, nextAt: Date? = nil) {
        self.status = status
        self.error = error
        self.nextAt = nextAt
    }
}
