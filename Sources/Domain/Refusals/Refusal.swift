/// Everything that can be refused, as a value: a stable problem type, an HTTP status, and a sentence that names the field and what would be
/// right (`Refusal+Problem.swift`). No case carries personal text.
public enum Refusal: Error, Hashable, Sendable {
    // 402: the credits do not suffice.
    /// `remaining` is the ticket's own, `pool` what the customer's other tickets would lend. Also for a channel the ticket never had.
    case insufficientCredits(channel: Channel, needed: Int64, remaining: Int64, pool: Int64, topUpURL: String?)
    /// `available` is what could be taken beyond the hold: own, pool and overdraft.
    case captureExceeds(hold: HoldID, held: Int64, asked: Int64, available: Int64, topUpURL: String?)

    // 404: no such thing in this shop.
    case unknownTicket(TicketID)
    case unknownUsage(EntryID)
    case unknownHold(HoldID)
    case unknownOrder(OrderID)
    case unknownCustomer(CustomerID)
    /// Anything else that is looked up by a name or number: `what` is the glossary's word for it.
    case unknown(what: String, name: String)

    // 409: the ledger stands otherwise.
    /// A name that must be the only one of its kind is taken: `what` is the glossary's word for it.
    case alreadyThere(what: String, name: String)
    case holdAlreadyEnded(hold: HoldID, state: HoldState)
    case reversalExceedsUsage(usage: EntryID, asked: Int64, left: Int64)
    case transferToOtherCustomer(from: TicketID, to: TicketID)
    case sameTicket(TicketID)

    // 403: this person or token may not. Not stored with the key.
    case notPermitted(role: Role, permission: Permission)
    case scopeMissing(TokenScope)
    case overCap(role: Role, cap: Int64, left: Int64, asked: Int64)

    // 400 and 422: the request is not right. Not stored with the key.
    case keyMissing
    case keyMalformed
    case keyReused
    case unknownChannel(name: String, known: [Channel])
    case quantityOutOfRange(field: String, found: Int64)
    /// A correction may not be of 0 credits, and lies within a million either way.
    case signedQuantityOutOfRange(field: String, found: Int64)
    case missingField(field: String, expected: String)
    case invalidField(field: String, expected: String)
    case unknownReason(name: String, known: [Reason])
}
