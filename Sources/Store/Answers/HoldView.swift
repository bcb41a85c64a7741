import Domain
import FoundationEssentials

/// A hold as every surface shows it.
public struct HoldView: Sendable, Hashable {
    public var id: HoldID
    public var ticket: TicketID
    public var channel: Channel
    public var quantity: Int64
    /// `active`, `captured`, `released` or `lapsed`.
    public var status: String
    public var expiresAt: Date

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("ticket", ticket.rawValue)
            json.field("channel", channel.rawValue)
            json.field("quantity", quantity)
            json.field("status", status)
            json.field("expires_at", Timestamp.text(expiresAt))
        }
    }
}
