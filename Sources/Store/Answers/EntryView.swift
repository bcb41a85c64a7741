import Domain
import FoundationEssentials

/// One part of an entry: what it moved on one grant.
public struct EntrySlice: Sendable, Hashable {
    public let grant: GrantID
    /// The ticket whose counter it lies on: another one for a pooled slice.
    public let ticket: TicketID
    public let quantity: Int64
    /// Minor units of `currency`.
    public let value: Int64
    public let currency: String
}

/// One row of the ledger, as every surface shows it. The entry that answers a pooled usage shows the whole usage.
public struct EntryView: Sendable, Hashable {
    public var id: EntryID
    public var ticket: TicketID
    public var kind: EntryKind
    public var channel: Channel
    public var quantity: Int64
    public var balanceAfter: Int64
    public var slices: [EntrySlice]
    /// Who: an e-mail address of staff, a token's label, or the agent a caller named.
    public var agent: String
    public var recordedAt: Date
    public var effectiveAt: Date
    public var occurredAt: Date?
    public var reference: String?
    public var note: String?
    public var reason: String?
    public var order: OrderID?
    public var hold: HoldID?
    /// The entry that this one corrects.
    public var corrects: EntryID?
    /// The ticket that a pooled slice was spent for.
    public var forTicket: TicketID?
    public var ruleVersion: Int?

    public func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("id", id.rawValue)
            json.field("ticket", ticket.rawValue)
            json.field("kind", kind.rawValue)
            json.field("channel", channel.rawValue)
            json.field("quantity", quantity)
            json.field("balance_after", balanceAfter)
            json.field("slices") { $0.array(slices) { $0.slice($1, of: ticket) } }
            json.field("agent", agent)
            json.field("recorded_at", Timestamp.text(recordedAt))
            json.field("effective_at", Timestamp.text(effectiveAt))
            if let occurredAt { json.field("occurred_at", Timestamp.text(occurredAt)) }
            if let reference { json.field("reference", reference) }
            if let note { json.field("note", note) }
            if let reason { json.field("reason", reason) }
            if let order { json.field("order", order.rawValue) }
            if let hold { json.field("hold", hold.rawValue) }
            if let corrects { json.field("corrects", corrects.rawValue) }
            if let forTicket { json.field("for_ticket", forTicket.rawValue) }
            if let ruleVersion { json.field("rule_version", ruleVersion) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func slice(_ slice: EntrySlice, of ticket: TicketID) {
        object { json in
            json.field("grant", slice.grant.rawValue)
            if slice.ticket != ticket { json.field("ticket", slice.ticket.rawValue) }
            json.field("quantity", slice.quantity)
            json.field("value", slice.value)
            json.field("currency", slice.currency)
        }
    }
}
