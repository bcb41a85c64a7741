import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// A hold's life at most, in seconds, and what it is unless said otherwise.
    public static let holdSecondsMax = 86_400
    public static let holdSecondsDefault = 900

    /// Sets credits aside while a message is being sent or a call is running.
    public func placeHold(
        ticket: TicketID, channel: String, quantity: Int64, expiresInSeconds: Int? = nil, in shop: ShopID, key: IdempotencyKey,
        by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint("hold") { print in
            print.add(ticket.rawValue)
            print.add(channel)
            print.add(quantity)
            print.add(expiresInSeconds.map(Int64.init))
        }
        let seconds = expiresInSeconds ?? Store.holdSecondsDefault
        guard (1...Store.holdSecondsMax).contains(seconds) else {
            return .refused(.invalidField(field: "expires_in_seconds", expected: "1 to \(Store.holdSecondsMax)"))
        }
        if case .failure(let refusal) = QuantityCheck.positive(quantity) { return .refused(refusal) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .spend) { connection, decision, now in
            guard let channel = decision.shop.channel(channel) else { return .refused(decision.shop.unknownChannel(channel)) }
            let deadline = now.addingTimeInterval(Double(seconds))
            let placed = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns), f.hold_id
                  FROM place_hold(\(shop)::bigint, \(ticket)::bigint, \(channel), \(quantity)::bigint, \(deadline)::timestamptz,
                                  \(decision.actor)::bigint, \(now)::timestamptz) f
                """
            ) { row in (spent: try Spent(&row), hold: try row.next(HoldID?.self)) }
            guard let placed, let hold = placed.hold, let id = placed.spent.entry else {
                return .refused(
                    refusal(
                        placed?.spent, ticket: ticket, channel: channel, needed: quantity,
                        topUpURL: try TopUp.url(connection, shop: shop, ticket: ticket)))
            }
            let view = HoldView(id: hold, ticket: ticket, channel: channel, quantity: quantity, status: "active", expiresAt: deadline)
            let entry = try placed.spent.entry(
                connection, id: id, ticket: ticket, kind: .hold, channel: channel, decision: decision, now: now, hold: hold)
            return try .written(connection, shop: shop, ticket: ticket, entry: entry, hold: view, now: now)
        }
    }

    /// Charges what was held, or so much of it; what exceeds the hold is taken from what remains, then from the plan's overdraft.
    public func capture(
        hold: HoldID, quantity: Int64? = nil, in shop: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        if let quantity, case .failure(let refusal) = QuantityCheck.positive(quantity) { return .refused(refusal) }
        return try await endHold(hold, route: "capture", quantity: quantity, asked: quantity, in: shop, key: key, by: caller)
    }

    /// Gives back all that was held.
    public func release(hold: HoldID, in shop: ShopID, key: IdempotencyKey, by caller: Caller) async throws -> Answer {
        try await endHold(hold, route: "release", quantity: 0, asked: nil, in: shop, key: key, by: caller)
    }

    /// Moves an active hold's deadline to so many seconds from now.
    public func extend(
        hold: HoldID, expiresInSeconds: Int? = nil, in shop: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint("extend") { print in
            print.add(hold.rawValue)
            print.add(expiresInSeconds.map(Int64.init))
        }
        let seconds = expiresInSeconds ?? Store.holdSecondsDefault
        guard (1...Store.holdSecondsMax).contains(seconds) else {
            return .refused(.invalidField(field: "expires_in_seconds", expected: "1 to \(Store.holdSecondsMax)"))
        }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .spend) { connection, _, now in
            let deadline = now.addingTimeInterval(Double(seconds))
            let extended = try connection.queryOne(
                """
                SELECT status, state, ticket_id
                  FROM extend_hold(\(shop)::bigint, \(hold)::bigint, \(deadline)::timestamptz, \(now)::timestamptz)
                """
            ) { row in (status: try row.next(String.self), state: try row.next(String?.self), ticket: try row.next(TicketID?.self)) }
            guard let extended, extended.status == "done", let ticket = extended.ticket else {
                return .refused(holdRefusal(hold, status: extended?.status, state: extended?.state))
            }
            return try Answer.extended(connection, shop: shop, hold: hold, ticket: ticket, now: now)
        }
    }

    private func endHold(
        _ hold: HoldID, route: String, quantity: Int64?, asked: Int64?, in shop: ShopID, key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint(route) { print in
            print.add(hold.rawValue)
            print.add(asked)
        }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .spend) { connection, decision, now in
            let ended = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns), f.state, f.ticket_id, f.channel, f.overdraft
                  FROM end_hold(\(shop)::bigint, \(hold)::bigint, \(quantity)::bigint, \(decision.actor)::bigint, \(now)::timestamptz) f
                """
            ) { row in
                (
                    spent: try Spent(&row), state: try row.next(String?.self), ticket: try row.next(TicketID?.self),
                    channel: try row.next(Channel?.self), overdraft: try row.next(Int64?.self) ?? 0
                )
            }
            guard let ended, let ticket = ended.ticket, let channel = ended.channel, let id = ended.spent.entry else {
                if ended?.spent.status == "insufficient", let ended, let asked, let ticket = ended.ticket {
                    let held = try HoldRow.quantity(connection, shop: shop, hold: hold)
                    return .refused(
                        .captureExceeds(
                            hold: hold, held: held, asked: asked, available: ended.spent.available + ended.spent.pooled + ended.overdraft,
                            topUpURL: try TopUp.url(connection, shop: shop, ticket: ticket)))
                }
                return .refused(holdRefusal(hold, status: ended?.spent.status, state: ended?.state))
            }
            let kind: EntryKind = route == "capture" ? .capture : .release
            let entry = try ended.spent.entry(
                connection, id: id, ticket: ticket, kind: kind, channel: channel, decision: decision, now: now, hold: hold)
            return try .written(
                connection, shop: shop, ticket: ticket, entry: entry, hold: try HoldRow.view(connection, shop: shop, hold: hold), now: now)
        }
    }
}

private func holdRefusal(_ hold: HoldID, status: String?, state: String?) -> Refusal {
    guard status == "ended", let state = state.flatMap(HoldState.init(rawValue:)) else { return .unknownHold(hold) }
    return .holdAlreadyEnded(hold: hold, state: state)
}

private func refusal(_ spent: Spent?, ticket: TicketID, channel: Channel, needed: Int64, topUpURL: String?) -> Refusal {
    guard let spent, spent.status == "insufficient" else { return .unknownTicket(ticket) }
    return .insufficientCredits(channel: channel, needed: needed, remaining: spent.available, pool: spent.pooled, topUpURL: topUpURL)
}
