import FoundationEssentials

/// Credits set aside: held, then captured, released or lapsed, once.
extension LedgerModel {
    /// Sets credits aside until `deadline`. The hold's id is on the entries.
    @discardableResult
    public mutating func hold(
        _ ticket: TicketID, _ channel: Channel, _ quantity: Int64, deadline: Date, now time: Date
    ) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            let slices = try model.draw(quantity, ticket, channel)
            let id = HoldID(Int64(model.holds.count + 1))
            model.holds[id] = ModelHold(id: id, ticket: ticket, channel: channel, slices: slices, deadline: deadline)
            model.book(.hold, slices, spentFor: ticket, hold: id)
        }
    }

    /// Spends what is held, or `quantity`: less releases the rest, more is first held on top. The usage's id is that of the first
    /// capture entry.
    @discardableResult
    public mutating func capture(_ hold: HoldID, _ quantity: Int64? = nil, now time: Date) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            let held = try model.running(hold)
            let asked = quantity ?? held.quantity
            _ = try QuantityCheck.positive(asked).get()
            var slices = held.slices
            if asked > held.quantity {
                slices += try model.holdMore(asked - held.quantity, for: held)
                slices = model.ordered(slices, for: held.ticket)
            }
            let (taken, rest) = slices.split(at: asked)
            let id = model.book(.capture, taken, spentFor: held.ticket, hold: hold)
            let worth = model.taken(since: id)
            model.book(.release, rest, spentFor: held.ticket, hold: hold)
            model.holds[hold]?.slices = slices
            model.holds[hold]?.state = .captured
            model.usages[id] = ModelUsage(id: id, ticket: held.ticket, channel: held.channel, slices: taken, taken: worth)
        }
    }

    @discardableResult
    public mutating func release(_ hold: HoldID, now time: Date) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            _ = try model.running(hold)
            model.end(hold, as: .released, kind: .release)
        }
    }

    /// Moves the deadline of a running hold.
    @discardableResult
    public mutating func extend(_ hold: HoldID, deadline: Date, now time: Date) -> Outcome {
        attempt(at: time) { model throws(Refusal) in
            _ = try model.running(hold)
            model.holds[hold]?.deadline = deadline
        }
    }

    mutating func end(_ hold: HoldID, as state: HoldState, kind: EntryKind) {
        guard let held = holds[hold] else { return }
        holds[hold]?.state = state
        book(kind, held.slices, spentFor: held.ticket, hold: hold)
    }

    private func running(_ hold: HoldID) throws(Refusal) -> ModelHold {
        guard let held = holds[hold] else { throw .unknownHold(hold) }
        guard held.state == .held else { throw .holdAlreadyEnded(hold: hold, state: held.state) }
        return held
    }

    /// The slices with one for each grant, as a spend would take them: the ticket's own in burn order, then the lenders'; what is owed
    /// comes last, so that a reversal lowers it first.
    private func ordered(_ slices: [BurnOrder.Slice], for ticket: TicketID) -> [BurnOrder.Slice] {
        let quantities = Dictionary(slices.map { ($0.grant, $0.quantity) }, uniquingKeysWith: +)
        let drawn = quantities.keys.compactMap { grants[$0] }.sorted { left, right in
            if (left.kind == .overdraft) != (right.kind == .overdraft) { return right.kind == .overdraft }
            if left.ticket != right.ticket { return left.ticket == ticket || (right.ticket != ticket && left.ticket < right.ticket) }
            let (leftEnd, rightEnd) = (left.expiresAt ?? .distantFuture, right.expiresAt ?? .distantFuture)
            if leftEnd != rightEnd { return leftEnd < rightEnd }
            return left.startsAt != right.startsAt ? left.startsAt < right.startsAt : left.id < right.id
        }
        return drawn.map { .init(grant: $0.id, quantity: quantities[$0.id] ?? 0) }
    }

    /// Holds the excess of a capture: from what remains, own and pooled, then as overdraft where the plan allows it.
    private mutating func holdMore(_ excess: Int64, for hold: ModelHold) throws(Refusal) -> [BurnOrder.Slice] {
        let sources = [hold.ticket] + lenders(to: hold.ticket)
        let remains = sources.reduce(0) { $0 + remaining($1, hold.channel) }
        let owed = max(0, excess - remains)
        let mayOwe = overdraftLeft(hold.ticket, hold.channel)
        guard owed <= mayOwe else {
            throw .captureExceeds(
                hold: hold.id, held: hold.quantity, asked: hold.quantity + excess, available: remains + mayOwe,
                topUpURL: topUpURL(hold.ticket))
        }
        var slices = slices(excess - owed, sources, hold.channel)
        if owed > 0 {
            let slice = BurnOrder.Slice(grant: open(.overdraft, hold.ticket, hold.channel), quantity: owed)
            book(.overdraft, [slice], spentFor: hold.ticket, hold: hold.id)
            slices.append(slice)
        }
        book(.hold, slices, spentFor: hold.ticket, hold: hold.id)
        return slices
    }

    /// What the ticket may still owe in a channel: the most generous of its plans with that channel, less what it owes already.
    func overdraftLeft(_ ticket: TicketID, _ channel: Channel) -> Int64 {
        let allowed = tickets[ticket]?.plans.filter { $0.credits[channel] != nil }.map(\.overdraft).max() ?? 0
        let owed = grants.values.filter { $0.kind == .overdraft && $0.ticket == ticket && $0.channel == channel }
            .reduce(0) { $0 + $1.used + $1.held }
        return max(0, allowed - owed)
    }
}
