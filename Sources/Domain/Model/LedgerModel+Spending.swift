import FoundationEssentials

/// Usages and their reversal; and what spending and holding share.
extension LedgerModel {
    public typealias Outcome = Result<[ModelEntry], Refusal>

    /// Spends credits of the ticket, and with pooling of the customer's others where its own do not suffice.
    @discardableResult
    public mutating func use(_ ticket: TicketID, _ channel: Channel, _ quantity: Int64, now time: Date) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            let slices = try model.draw(quantity, ticket, channel)
            let id = model.book(.usage, slices, spentFor: ticket)
            model.usages[id] = ModelUsage(id: id, ticket: ticket, channel: channel, slices: slices, taken: model.taken(since: id))
        }
    }

    /// Gives back what a usage took, or `quantity` of it, to the grants it came from, the last taken first.
    @discardableResult
    public mutating func reverse(_ usage: EntryID, _ quantity: Int64? = nil, now time: Date) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            guard let known = model.usages[usage] else { throw .unknownUsage(usage) }
            let asked = quantity ?? known.left
            if quantity != nil { _ = try QuantityCheck.positive(asked).get() }
            guard asked > 0, asked <= known.left else { throw .reversalExceedsUsage(usage: usage, asked: asked, left: known.left) }
            let (kept, back) = known.slices.split(at: known.left - asked)
            model.usages[usage]?.slices = kept
            var worths: [GrantID: Int64] = [:]
            for slice in back {
                guard var taken = known.taken[slice.grant] else { continue }
                taken.back += slice.quantity
                let worth = CumulativeValue.rounded(taken.value, taken.back, over: taken.quantity) - taken.valueBack
                taken.valueBack += worth
                worths[slice.grant] = worth
                model.usages[usage]?.taken[slice.grant] = taken
            }
            model.book(.reversal, back, values: worths, spentFor: known.ticket, corrects: usage)
        }
    }

    /// What the entries from that one on took of each grant.
    func taken(since first: EntryID) -> [GrantID: ModelUsage.Taken] {
        let slices = entries[Int(first.rawValue - 1)...].flatMap { zip($0.slices, $0.values) }
        return Dictionary(slices.map { ($0.0.grant, ModelUsage.Taken(quantity: $0.0.quantity, value: $0.1)) }, uniquingKeysWith: { first, _ in first })
    }

    /// Sets a ticket's status. A closed ticket is not topped up; its credits stay the customer's, and are lent like any others.
    public mutating func setStatus(_ status: TicketStatus, of ticket: TicketID) { tickets[ticket]?.status = status }

    /// Lets what is due happen, then the change, then settles. A refused change leaves no trace.
    mutating func attempt(at time: Date, _ change: (inout LedgerModel) throws(Refusal) -> Void) -> Outcome {
        let before = entries.count
        advance(to: time)
        var changed = self
        do throws(Refusal) {
            try change(&changed)
        } catch {
            return .failure(error)
        }
        changed.settle()
        self = changed
        return .success(Array(entries[before...]))
    }

    /// The slices that `quantity` credits are taken in.
    func draw(_ quantity: Int64, _ ticket: TicketID, _ channel: Channel) throws(Refusal) -> [BurnOrder.Slice] {
        _ = try QuantityCheck.positive(quantity).get()
        guard tickets[ticket] != nil else { throw .unknownTicket(ticket) }
        let own = remaining(ticket, channel)
        let pool = pool(ticket, channel)
        guard quantity <= own + pool else {
            throw .insufficientCredits(
                channel: channel, needed: quantity, remaining: own, pool: pool, topUpURL: topUpURL(ticket))
        }
        return slices(quantity, [ticket] + lenders(to: ticket), channel)
    }

    /// Takes from one ticket after the other, each in burn order, as far as they reach.
    func slices(_ quantity: Int64, _ tickets: [TicketID], _ channel: Channel) -> [BurnOrder.Slice] {
        var left = quantity
        var slices: [BurnOrder.Slice] = []
        for ticket in tickets {
            let part = min(left, remaining(ticket, channel))
            slices += BurnOrder.take(part, from: lots(ticket, channel), now: now) ?? []
            left -= part
        }
        return slices
    }

    func topUpURL(_ ticket: TicketID) -> String? {
        tickets[ticket]?.plans.sorted { $0.id < $1.id }.compactMap(\.topUpURL).first
    }
}

extension [BurnOrder.Slice] {
    /// The slices up to `quantity` credits, and the rest; a slice that lies across is cut.
    func split(at quantity: Int64) -> (first: [BurnOrder.Slice], rest: [BurnOrder.Slice]) {
        var first: [BurnOrder.Slice] = []
        var rest: [BurnOrder.Slice] = []
        var left = quantity
        for slice in self {
            let part = Swift.min(left, slice.quantity)
            if part > 0 { first.append(.init(grant: slice.grant, quantity: part)) }
            if part < slice.quantity { rest.append(.init(grant: slice.grant, quantity: slice.quantity - part)) }
            left -= part
        }
        return (first, rest)
    }
}
