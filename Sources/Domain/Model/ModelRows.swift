import FoundationEssentials

/// A ticket of the model.
public struct ModelTicket: Hashable, Sendable {
    public let id: TicketID
    public let openedAt: Date
    public var status: TicketStatus = .open
    /// The plans of the lines that put credits on it, as those lines are bound to them.
    public var plans: Set<Plan> = []
}

/// A grant of the model, in credits.
public struct ModelGrant: Hashable, Sendable {
    public let id: GrantID
    public let kind: GrantKind
    public let ticket: TicketID
    public let channel: Channel
    /// The order line it answers to; nil for goodwill and overdraft.
    public let line: LineID?
    public let expiresAt: Date?
    /// When its credits began: an order's by its payment, however late it was seen. What a transfer moved keeps its own.
    public let startsAt: Date
    public var granted: Int64 = 0
    public var used: Int64 = 0
    public var held: Int64 = 0
    public var expired: Int64 = 0
    /// By its order, without `taken`.
    public var revoked: Int64 = 0
    /// By adjustments and transfers out.
    public var taken: Int64 = 0
    /// Of `taken`, by transfers out.
    public var moved: Int64 = 0
    /// What of its line's entitlement it answers for: as shared when the order was last seen, or moved with its credits since.
    public var share: Int64 = 0
    /// What its credits are valued by, in minor units of its line's currency; `value - valueTaken` is what it still defers.
    public var value: Int64 = 0
    public var valueTaken: Int64 = 0

    /// What it answers for: an order's grant for its share; goodwill for all of it; overdraft for what was really spent, so that what is
    /// reversed is not owed and not there to be spent.
    public var entitled: Int64 { line != nil ? share : kind == .overdraft ? used + held : granted }

    public var part: EntitlementShare.Part {
        EntitlementShare.Part(
            grant: id, granted: granted, taken: taken, moved: moved, used: used, held: held, expired: expired, revoked: revoked)
    }
    public var remaining: Int64 { part.remaining }
    public var deferred: Int64 { value - valueTaken }
    /// Credits that are used up, expired or taken: what its value is counted along.
    var gone: Int64 { granted - remaining - held }

    /// The value of its next credits.
    func next(_ credits: Int64) -> Int64 {
        CumulativeValue.next(value: value, credits: granted, taken: gone, valueTaken: valueTaken, quantity: credits)
    }
    /// The value of the last that were taken.
    func last(_ credits: Int64) -> Int64 { max(0, valueTaken - CumulativeValue.rounded(value, gone - credits, over: granted)) }

    /// Spreads what it defers evenly over its unused credits.
    mutating func spread(_ deferred: Int64) {
        guard remaining + held > 0 else { return }
        value = min(Money.minorUnitsMax, CumulativeValue.rounded(deferred, granted, over: remaining + held))
        valueTaken = value - deferred
    }
    public var lot: BurnOrder.Lot { BurnOrder.Lot(grant: id, remaining: remaining, expiresAt: expiresAt, createdAt: startsAt) }

    /// The grant's share of its ticket's counter, without the shortfall.
    public var counter: Counter { Counter(granted: granted, used: used, held: held, expired: expired, revoked: revoked + taken) }
}

/// A hold of the model. Its slices are in the order in which they were taken.
public struct ModelHold: Hashable, Sendable {
    public let id: HoldID
    public let ticket: TicketID
    public let channel: Channel
    public var slices: [BurnOrder.Slice]
    public var deadline: Date
    public var state: HoldState = .held

    public var quantity: Int64 { slices.reduce(0) { $0 + $1.quantity } }
}

/// A usage of the model: booked at once or captured from a hold. `slices` is what of it was not given back.
public struct ModelUsage: Hashable, Sendable {
    public let id: EntryID
    public let ticket: TicketID
    public let channel: Channel
    public var slices: [BurnOrder.Slice]
    /// What it took of each grant and what of that was given back, in credits and value.
    var taken: [GrantID: Taken] = [:]

    struct Taken: Hashable {
        let quantity: Int64
        let value: Int64
        var back: Int64 = 0
        var valueBack: Int64 = 0
    }

    /// Credits that can still be reversed.
    public var left: Int64 { slices.reduce(0) { $0 + $1.quantity } }
}

/// One row of the model's ledger: one kind, one counter.
public struct ModelEntry: Hashable, Sendable {
    public let id: EntryID
    public let kind: EntryKind
    public let ticket: TicketID
    public let channel: Channel
    public let slices: [BurnOrder.Slice]
    /// Of each slice, in minor units.
    public let values: [Int64]
    public let at: Date
    /// Set when another ticket's grants were drawn on: the ticket that the credits were spent for.
    public let spentFor: TicketID?
    public let hold: HoldID?
    /// The usage that a reversal gives back.
    public let corrects: EntryID?

    /// Credits, always above 0; the kind says which way.
    public var quantity: Int64 { slices.reduce(0) { $0 + $1.quantity } }
}
