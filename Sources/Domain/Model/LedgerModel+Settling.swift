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

    /// Brings every grant to what its order entitles it to, and lets what is left after its instant expire. Settling twice changes nothing.
    mutating func settle() {
        for grant in grants.values.sorted(by: { $0.id < $1.id }) {
            let change = grant.part.revoked(entitled: grant.entitled) - grant.revoked
            if change > 0 { book(.revocation, [.init(grant: grant.id, quantity: change)]) }
            if change < 0 { book(.restoration, [.init(grant: grant.id, quantity: -change)]) }
        }
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
        _ kind: EntryKind, _ slices: [BurnOrder.Slice], spentFor: TicketID? = nil, hold: HoldID? = nil, corrects: EntryID? = nil
    ) -> EntryID {
        let first = EntryID(Int64(entries.count + 1))
        let known = slices.filter { $0.quantity > 0 && grants[$0.grant] != nil }
        let byTicket = Dictionary(grouping: known) { grants[$0.grant]?.ticket ?? TicketID(0) }
        // The ticket that was spent for comes first, then the lenders as they lend.
        for (ticket, part) in byTicket.sorted(by: { $0.key == spentFor || ($1.key != spentFor && $0.key < $1.key) }) {
            guard let channel = part.first.flatMap({ grants[$0.grant]?.channel }) else { continue }
            entries.append(
                ModelEntry(
                    id: EntryID(Int64(entries.count + 1)), kind: kind, ticket: ticket, channel: channel, slices: part, at: now,
                    spentFor: spentFor == ticket ? nil : spentFor, hold: hold, corrects: corrects))
            for slice in part { grants[slice.grant]?.book(kind, slice.quantity) }
        }
        return first
    }
}

extension ModelGrant {
    mutating func book(_ kind: EntryKind, _ credits: Int64) {
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
