import Domain
import FoundationEssentials
import Postgres

/// One message to one hook, and how far it has come. Never holds the secret.
public struct HookDelivery: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable { case waiting, delivered, failed }

    public let id: HookDeliveryID
    public let shop: ShopID
    public let hook: HookID
    public let topic: String
    /// The JSON text that is sent; empty once a customer it spoke of was erased.
    public let body: String
    public let status: Status
    /// Begun in this cycle; a redelivery by hand begins a new one.
    public let attempts: Int
    public let createdAt: Date
    /// Nil when nothing more will be tried.
    public let nextAt: Date?
    public let lastAt: Date?
    /// The HTTP status of the last answer; nil when there was none.
    public let lastStatus: Int?
    /// What was wrong, in one line; nil when it was delivered or not yet tried.
    public let lastError: String?
    public let deliveredAt: Date?

    /// The `webhook-id` header: the same at every attempt, so that a receiver can tell a repetition.
    public var messageID: String { HookDelivery.messageID(shop: shop, delivery: id) }

    static func messageID(shop: ShopID, delivery: HookDeliveryID) -> String { "msg_\(shop)_\(delivery)" }

    static let columns: SQL = """
        d.delivery_id, d.shop_id, d.hook_id, d.topic, d.body, d.status, d.attempts, d.created_at,
        CASE WHEN d.status = 'waiting' THEN d.next_at END, d.last_at, d.last_status, d.last_error, d.delivered_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        shop = try row.next()
        hook = try row.next()
        topic = try row.next()
        body = try row.next()
        status = Status(rawValue: try row.next(String.self)) ?? .failed
        attempts = try row.next()
        createdAt = try row.next()
        nextAt = try row.next()
        lastAt = try row.next()
        lastStatus = try row.next()
        lastError = try row.next()
        deliveredAt = try row.next()
    }

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("hook", hook.rawValue)
            json.field("webhook_id", messageID)
            json.field("topic", topic)
            json.field("status", status.rawValue)
            json.field("attempts", attempts)
            json.field("created_at", Timestamp.text(createdAt))
            json.field("next_at", nextAt.map(Timestamp.text))
            json.field("last_at", lastAt.map(Timestamp.text))
            json.field("last_status", lastStatus.map(Int64.init))
            json.field("last_error", lastError)
            json.field("delivered_at", deliveredAt.map(Timestamp.text))
        }
    }
}
