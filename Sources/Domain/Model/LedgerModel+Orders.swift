import FoundationEssentials

/// From an order to tickets and grants.
extension LedgerModel {
    /// Sees an order: binds its lines, works out what it entitles to, and writes the difference. An older sight changes nothing.
    @discardableResult
    public mutating func apply(order: ShopOrder, seenAt: Date, now time: Date? = nil) -> [ModelEntry] {
        let before = entries.count
        advance(to: time ?? seenAt)
        let version = OrderVersion(modifiedAt: order.modifiedAt, seenAt: seenAt)
        if let known = versionByOrder[order.id], (version.modifiedAt, version.seenAt) <= (known.modifiedAt, known.seenAt) {
            return Array(entries[before...])
        }
        versionByOrder[order.id] = version
        bind(order)
        let bound = bindings.filter { linesByOrder[order.id]?.contains($0.key) ?? false }
        let entitlement = Entitlement.evaluate(order: order, bindings: bound, statuses: statuses)
        chooseTickets(for: entitlement, order: order)
        for line in entitlement.lines where line.refused == nil {
            let isDue = price(line)
            for channel in line.channels { write(channel, of: line, order: order) }
            guard let books = books[line.line], isDue || touched.contains(line.line), books.isRevalued || books.isOff else { continue }
            revalue(line.line)
        }
        touched = []
        settle()
        return Array(entries[before...])
    }

    /// Notes what the line's money is now. True when that is something else than before.
    private mutating func price(_ line: LineEntitlement) -> Bool {
        guard books[line.line] != nil || line.entitlesToAnything else { return false }
        var own = books[line.line] ?? LineBooks()
        let isOtherNet = books[line.line] == nil || own.net != line.net.minorUnits
        own.net = line.net.minorUnits
        for channel in line.channels {
            own.parts[channel.channel, default: .init(list: 0, credits: 0)].list = channel.orderedValue.minorUnits
            own.parts[channel.channel]?.credits = channel.orderedCredits.value
        }
        books[line.line] = own
        return isOtherNet || own.parts.values.contains { $0.sold != $0.list }
    }

    /// A line is bound at its first match, for ever; one that matched nothing is tried again at every sight.
    private mutating func bind(_ order: ShopOrder) {
        for line in order.lines where bindings[line.id] == nil {
            guard let matching = Matching.match(line, plans: plans) else { continue }
            bindings[line.id] = matching.plan
            linesByOrder[order.id, default: []].insert(line.id)
        }
    }

    /// Re-entitlement lowers `revoked` before it raises `granted`.
    private mutating func write(_ channel: ChannelEntitlement, of line: LineEntitlement, order: ShopOrder) {
        let credits = channel.credits.value
        share(credits, line: line.line, channel.channel)
        entitle()
        let own = grants.values.first { $0.kind == .order && $0.line == line.line && $0.channel == channel.channel }
        guard credits > own?.granted ?? 0 else { return }
        guard let ticket = ticketsByLine[line.line] else { return }
        let grant =
            own?.id
            ?? open(
                .order, ticket, channel.channel, line: line.line, startsAt: Validity.start(order), expiresAt: expiry(of: line, order))
        let books = books[line.line]?.parts[channel.channel]
        book(
            .grant, [.init(grant: grant, quantity: credits - (own?.granted ?? 0))], values: [grant: max(0, (books?.list ?? 0) - (books?.sold ?? 0))])
        share(credits, line: line.line, channel.channel)
        if let deferred = grants[grant]?.deferred { grants[grant]?.spread(deferred) }
        // What had expired before the order was last changed did so with all its value.
        if own == nil, let expiry = grants[grant]?.expiresAt, expiry <= min(now, order.modifiedAt) { expire() }
    }

    private func expiry(of line: LineEntitlement, _ order: ShopOrder) -> Date? {
        Validity.expiry(start: Validity.start(order), validDays: line.plan.validDays, zone: zone)
    }

    /// A line's ticket is chosen when the line first entitles to anything: first for the lines that open one, then for those that top up.
    private mutating func chooseTickets(for entitlement: OrderEntitlement, order: ShopOrder) {
        let waiting = entitlement.lines.filter { $0.entitlesToAnything && ticketsByLine[$0.line] == nil }
        for rule in [TicketRule.new, .topUp] {
            for line in waiting where line.plan.ticketRule == rule {
                let ticket = existingTicket(for: line.plan, order: order) ?? openTicket()
                if rule == .new { newTicketByOrder[order.id] = ticket }
                ticketsByLine[line.line] = ticket
                tickets[ticket]?.plans.insert(line.plan)
            }
        }
    }

    private func existingTicket(for plan: Plan, order: ShopOrder) -> TicketID? {
        switch plan.ticketRule {
        case .new: newTicketByOrder[order.id]
        case .topUp:
            tickets.values.filter { $0.status != .closed && $0.plans.contains { $0.id == plan.id } }
                .max { ($0.openedAt, $0.id.rawValue) < ($1.openedAt, $1.id.rawValue) }?.id
        }
    }

    private mutating func openTicket() -> TicketID {
        let id = TicketID(Int64(tickets.count + 1))
        tickets[id] = ModelTicket(id: id, openedAt: now)
        return id
    }

    /// An empty grant; an entry puts the credits into it.
    mutating func open(
        _ kind: GrantKind, _ ticket: TicketID, _ channel: Channel, line: LineID? = nil, startsAt: Date? = nil, expiresAt: Date? = nil
    ) -> GrantID {
        let id = GrantID(Int64(grants.count + 1))
        grants[id] = ModelGrant(
            id: id, kind: kind, ticket: ticket, channel: channel, line: line, expiresAt: expiresAt, startsAt: startsAt ?? now)
        return id
    }
}
