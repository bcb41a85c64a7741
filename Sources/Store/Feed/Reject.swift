import Domain
import FoundationEssentials
import Postgres

/// The number of a kept reject.
public struct RejectID: Identifier {
    public let rawValue: Int64
    public init(rawValue: Int64) { self.rawValue = rawValue }
}

extension RejectID: PostgresValue {}

/// A document that was not understood: raw, with the reason, until it is replayed.
public struct Reject: Sendable {
    public let id: RejectID
    public let source: OrderSource
    public let order: OrderID?
    public let topic: String?
    public let reason: String
    public let raw: String
    public let refunds: String?
    /// The moment it was seen first: its version.
    public let receivedAt: Date
    public let times: Int
    public let lastAt: Date
    /// When a replay made it good, or when it was kept for the record only; nil while it is open.
    public let resolvedAt: Date?

    static let columns: SQL = """
        r.reject_id, r.source, r.order_id, r.topic, r.reason, r.raw, r.refunds, r.received_at, r.times, r.last_at, r.resolved_at
        """

    init(_ row: inout Row) throws {
        id = try row.next()
        source = OrderSource(rawValue: try row.next(String.self)) ?? .poll
        order = try row.next()
        topic = try row.next()
        reason = try row.next()
        raw = try row.next()
        refunds = try row.next()
        receivedAt = try row.next()
        times = try row.next()
        lastAt = try row.next()
        resolvedAt = try row.next()
    }
}
