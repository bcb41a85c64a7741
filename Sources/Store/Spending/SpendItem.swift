import Domain
import FoundationEssentials
import Postgres

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

    var spendKey: SpendKey { SpendKey(shop: shop, key: key) }
    var ticketKey: TicketKey { TicketKey(shop: shop, ticket: ticket) }

    /// The entry that books it.
    func entry(id: EntryID, balanceAfter: Int64, slices: [EntrySlice], now: Date) -> EntryView {
        EntryView(
            id: id, ticket: ticket, kind: .usage, channel: channel, quantity: quantity, balanceAfter: balanceAfter, slices: slices,
            agent: agent, recordedAt: now, effectiveAt: now, occurredAt: occurredAt, reference: reference, ruleVersion: ruleVersion)
    }
}

/// How one spend was decided, as `spend_each` returns it.
struct SpendDecision: Sendable {
    let place: Int
    let status: String
    let entry: EntryID?
    let balanceAfter: Int64
    let counter: Counter
    let grants: [GrantID]
    let quantities: [Int64]
    let values: [Int64]
    let tickets: [TicketID]
    let pooled: Int64

    init(_ row: inout Row) throws {
        place = try row.next(Int.self) - 1
        status = try row.next()
        entry = try row.next()
        balanceAfter = try row.next(Int64?.self) ?? 0
        counter = Counter(
            granted: try row.next(Int64?.self) ?? 0, used: try row.next(Int64?.self) ?? 0, held: try row.next(Int64?.self) ?? 0,
            expired: try row.next(Int64?.self) ?? 0, revoked: try row.next(Int64?.self) ?? 0, shortfall: try row.next(Int64?.self) ?? 0)
        grants = try row.next([GrantID]?.self) ?? []
        quantities = try row.next([Int64]?.self) ?? []
        values = try row.next([Int64]?.self) ?? []
        tickets = try row.next([TicketID]?.self) ?? []
        pooled = try row.next(Int64?.self) ?? 0
    }
}
