import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// How long a call's credits are held beyond the last look at it, in seconds; while it runs the sweep extends it.
    public static let callHoldSeconds = 900.0
    /// What a call that is counted by minutes is taken to last when nothing else is said.
    public static let callSecondsExpected = 900
    /// A call that was forgotten: its hold is extended no further, and nothing is charged until somebody says how long it was.
    public static let callSecondsMax = 43_200

    /// Starts a call and its meter: what it is expected to cost is held, or so much of it as there is; with nothing left it is refused.
    public func startCall(
        on ticket: TicketID, channel name: Channel = .video, expectedSeconds: Int = callSecondsExpected, in shop: ShopID, key: IdempotencyKey,
        by staff: Staff
    ) async throws -> CallOutcome {
        let print = Fingerprint("call") { print in
            print.add(ticket.rawValue)
            print.add(name.rawValue)
        }
        guard (0...Store.callSecondsMax).contains(expectedSeconds) else {
            return .refused(.invalidField(field: "expected_seconds", expected: "0 to \(Store.callSecondsMax)"), nil)
        }
        return try await atDesk(ticket: ticket, key: key, fingerprint: print.bytes, permission: .spend, in: shop, by: staff) { connection, decision, now in
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return .refused(.unknownTicket(ticket), nil) }
            if let running = try CallView.load(connection, shop: shop, where: "c.ticket_id = \(ticket)::bigint AND c.ended_at IS NULL") {
                return .busy(running)
            }
            guard let rule = decision.shop.rules[name]?.rule else { return .refused(decision.shop.unknownChannel(name.rawValue), nil) }
            let left = try CallCredits.left(connection, shop: shop, ticket: ticket, channel: name, now: now)
            let wanted = max(1, rule.units(seconds: expectedSeconds)?.value ?? 1)
            let hold: HoldID
            switch try DeskHold.place(
                connection, decision, ticket: ticket, channel: name, quantity: max(1, min(wanted, left)),
                deadline: now.addingTimeInterval(Store.callHoldSeconds), now: now)
            {
            case .failure(let refusal): return .refused(refusal, try WaysOut.load(connection, decision, ticket: ticket, now: now))
            case .success(let placed): hold = placed
            }
            let id = try connection.queryOne(
                """
                INSERT INTO call (shop_id, ticket_id, channel, user_id, hold_id, started_at, covered_seconds)
                VALUES (\(shop)::bigint, \(ticket)::bigint, \(name), \(staff.id)::bigint, \(hold)::bigint, \(now)::timestamptz,
                        \(CallCredits.seconds(left, rule))::integer)
                RETURNING call_id
                """
            ) { try $0.next(CallID.self) }
            try DeskTell.conversation(connection, shop: shop, ticket: ticket)
            guard let id, let call = try CallView.load(connection, shop: shop, where: "c.call_id = \(id)::bigint") else {
                throw PostgresError(.protocol, "a call was not returned")
            }
            return .done(call, isReplayed: false)
        }
    }

    /// Ends a call and charges it by the channel's unit rule. `seconds` corrects the meter downwards, for a call that somebody forgot to stop.
    ///
    /// What exceeds the hold is taken from what remains, then from the plan's overdraft; what nothing is left for is not charged and shown.
    public func stopCall(
        _ call: CallID, seconds: Int? = nil, in shop: ShopID, key: IdempotencyKey, by staff: Staff
    ) async throws -> CallOutcome {
        guard let found = try await pool.read({ try CallView.load($0, shop: shop, where: "c.call_id = \(call)::bigint") }) else {
            return .refused(.unknown(what: "call", name: call.description), nil)
        }
        let ticket = found.ticket
        let print = Fingerprint("call end") { print in
            print.add(call.rawValue)
            print.add(seconds.map(Int64.init))
        }
        return try await atDesk(ticket: ticket, key: key, fingerprint: print.bytes, permission: .spend, in: shop, by: staff) { connection, decision, now in
            guard let running = try CallView.load(connection, shop: shop, where: "c.call_id = \(call)::bigint") else {
                return .refused(.unknown(what: "call", name: call.description), nil)
            }
            guard running.isRunning else { return .done(running, isReplayed: true) }
            let measured = max(0, Int(now.timeIntervalSince(running.startedAt)))
            guard let rule = decision.shop.rules[running.channel] else { return .refused(decision.shop.unknownChannel(running.channel.rawValue), nil) }
            guard (0...measured).contains(seconds ?? measured) else {
                return .refused(.invalidField(field: "seconds", expected: "0 to \(measured), what the meter shows"), nil)
            }
            let length = seconds ?? measured
            let charged = try CallCredits.charge(
                connection, decision, running, quantity: rule.rule.units(seconds: length)?.value ?? 1, now: now)
            let message = try ConversationRows.add(
                connection, shop: shop, ticket: ticket,
                NewMessage(
                    kind: .call, channel: running.channel, direction: .outgoing, state: .kept, user: staff.id,
                    quantity: charged.wanted - charged.uncovered, ruleVersion: rule.version, seconds: length, hold: running.hold, entry: charged.entry),
                now: now)
            try connection.execute(
                """
                UPDATE call SET ended_at = \(now)::timestamptz, seconds = \(length)::integer, quantity = \(charged.wanted)::bigint,
                       uncovered = \(charged.uncovered)::bigint, message_id = \(message.id)::bigint
                 WHERE shop_id = \(shop)::bigint AND call_id = \(call)::bigint
                """)
            guard let ended = try CallView.load(connection, shop: shop, where: "c.call_id = \(call)::bigint") else {
                throw PostgresError(.protocol, "a call was not returned")
            }
            return .done(ended, isReplayed: false)
        }
    }
}
