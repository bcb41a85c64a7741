import Domain
import FoundationEssentials

/// One spend on its way to be decided: everything checked that needs no lock.
struct SpendItem: Sendable {
    let shop: ShopID
    let ticket: TicketID
    let channel: Channel
    let quantity: Int64
    let key: IdempotencyKey
    let fingerprint: [UInt8]
    let actor: ActorID
    let agent: String
    let reference: String?
    let occurredAt: Date?
    let ruleVersion: Int?
}

/// How one spend was decided, as `spend_batch` returns it.
struct SpendDecision: Sendable {
    let place: Int
    let status: String
    let entry: EntryID?
    let currency: String?
    let balanceAfter: Int64
    let counter: Counter
    let grants: [GrantID]
    let quantities: [Int64]
    let values: [Int64]
    let tickets: [TicketID]
    let pooled: Int64
    let stored: StoredAnswer?
}

/// A first answer as it was kept.
struct StoredAnswer: Sendable {
    let fingerprint: [UInt8]
    let status: Int
    let body: String

    /// The first answer again; 422 when the key was used for another request.
    func replay(for fingerprint: [UInt8]) -> Answer {
        guard fingerprint == self.fingerprint else { return .refused(.keyReused) }
        return Answer(status: status, body: body, isReplayed: true)
    }
}
