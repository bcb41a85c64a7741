import FoundationEssentials

/// Time, and the one rule that every grant is held to after every change.
extension LedgerModel {
    /// Lets everything happen that is due until `time`, in its order: holds lapse at their deadline, credits expire at their instant.
    @discardableResult
    public mutating func advance(to time: Date) -> [ModelEntry] {
        let before = entries.count
        while let due = nextDue, due <= time {
            now = max(now, due)
            for hold in holds.values.sorted(by: { $0.id < $1.id }) where hold.state == .held && hold.deadline <= now {
                end(hold.id, as: .lapsed, kind: .lapse)
            }
            settle()
        }
        now = max(now, time)
        return Array(entries[before...])
    }

    private var nextDue: Date? {
        let deadlines = holds.values.filter { $0.state == .held }.map(\.deadline)
        let expiries = grants.values.filter { $0.remaining > 0 }.compactMap(\.expiresAt)
        return (deadlines + expiries).min()
    }

    /// Brings every grant to what its order entitles it to, values the lines of which something came back, and lets what is left after its instant
    /// expire. Settling twice changes nothing.
    mutating func settle() {
        entitle()
        for line in touched.sorted() where books[line].map({ $0.isRevalued || $0.isOff }) ?? false { revalue(line) }
        touched = []
        expire()
    }

    mutating func entitle() {
        for grant in grants.values.sorted(by: { $0.id < $1.id }) {
            let change = grant.part.revoked(entitled: grant.entitled) - grant.revoked
            if change > 0 { book(.revocation, [.init(grant: grant.id, quantity: change)]) }
            if change < 0 { book(.restoration, [.init(grant: grant.id, quantity: -change)]) }
        }
    }

    mutating func expire() {
        for grant in grants.values.sorted(by: { $0.id < $1.id }) where grant.remaining > 0 && grant.lot.isExpired(at: now) {
            book(.expiry, [.init(grant: grant.id, quantity: grant.remaining)])
        }
    }

    /// Shares what an order line entitles to over the grants that answer to it. Done at every sight of the order.
    mutating func share(_ entitled: Int64, line: LineID, _ channel: Channel) {
        let parts = grants.values.filter { $0.line == line && $0.channel == channel }.map(\.part)
        for (grant, share) in EntitlementShare.split(entitled, over: parts) { grants[grant]?.share = share }
    }

    /// Writes one entry for each ticket that the slices lie on, and moves the figures of their grants. Answers the first entry's id.
    @discardableResult
    mutating func book(
        _ kind: EntryKind, _ slices: [BurnOrder.Slice], values: [GrantID: Int64] = [:], spentFor: TicketID? = nil, hold: HoldID? = nil,
        corrects: EntryID? = nil
    ) -> EntryID {
        let first = EntryID(Int64(entries.count + 1))
        let known = slices.filter { $0.quantity > 0 && grants[$0.grant] != nil }
        let byTicket = Dictionary(grouping: known) { grants[$0.grant]?.ticket ?? TicketID(0) }
        // The ticket that was spent for comes first, then the lenders as they lend.
        for (ticket, part) in byTicket.sorted(by: { $0.key == spentFor || ($1.key != spentFor && $0.key < $1.key) }) {
            guard let channel = part.first.flatMap({ grants[$0.grant]?.channel }) else { continue }
            let worth = part.map { slice in values[slice.grant] ?? grants[slice.grant]?.worth(kind, slice.quantity) ?? 0 }
            entries.append(
                ModelEntry(
                    id: EntryID(Int64(entries.count + 1)), kind: kind, ticket: ticket, channel: channel, slices: part, values: worth, at: now,
                    spentFor: spentFor == ticket ? nil : spentFor, hold: hold, corrects: corrects))
            for (slice, value) in zip(part, worth) {
                grants[slice.grant]?.book(kind, slice.quantity, value)
                if let grant = grants[slice.grant] { note(kind, value, grant) }
            }
        }
        return first
    }

    /// What an entry means for the books of its line, and whether the line must be looked at.
    private mutating func note(_ kind: EntryKind, _ value: Int64, _ grant: ModelGrant) {
        guard let line = grant.line else { return }
        switch kind {
        case .grant: books[line]?.parts[grant.channel]?.sold += value
        case .revocation: books[line]?.parts[grant.channel]?.refunded += value
        case .restoration: books[line]?.parts[grant.channel]?.refunded -= value
        default: break
        }
        if [.grant, .revocation, .restoration, .reversal].contains(kind) { touched.insert(line) }
    }

    /// Brings a line's books to its order's money.
    mutating func revalue(_ line: LineID) {
        let own = grants.values.filter { $0.line == line }
        let parts = own.map { LineBooks.Grant(id: $0.id, channel: $0.channel, unused: $0.remaining + $0.held, deferred: $0.deferred) }
        guard let defers = books[line]?.settle(parts) else { return }
        for (grant, deferred) in defers { grants[grant]?.spread(deferred) }
    }
}

extension ModelGrant {
    /// What credits of an entry are worth when nothing else decides it; 0 where none is used, taken or given back.
    func worth(_ kind: EntryKind, _ credits: Int64) -> Int64 {
        switch kind {
        case .usage, .capture, .expiry, .revocation, .adjustmentOut, .transferOut: next(credits)
        case .restoration: last(credits)
        default: 0
        }
    }

    mutating func book(_ kind: EntryKind, _ credits: Int64, _ worth: Int64) {
        switch kind {
        case .grant, .transferIn: value += worth
        case .usage, .capture, .expiry, .revocation, .adjustmentOut, .transferOut: valueTaken += worth
        case .restoration, .reversal: valueTaken -= worth
        default: break
        }
        let effect = kind.effect
        granted += effect.granted * credits
        used += effect.used * credits
        held += effect.held * credits
        expired += effect.expired * credits
        if kind == .adjustmentOut || kind == .transferOut {
            taken += credits
            if kind == .transferOut { moved += credits }
        } else {
            revoked += effect.revoked * credits
        }
    }
}
