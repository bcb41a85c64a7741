import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Notified when there is a message to send.
    public static let sendChannel = "supportmeter_send"
    /// How long the credits of a message that is being sent are held, in seconds; the sender extends it.
    public static let sendHoldSeconds = 3_600.0
    /// Additions told to whoever was overtaken.
    public static let overtakenMax = 20

    /// Sends an e-mail or an SMS: in one transaction its cost is held, the message is put down as being sent, the sender's draft of the
    /// channel goes, and the ticket waits for the customer. A reply to a ticket that is nobody's makes it the sender's.
    ///
    /// Stopped, with nothing written or charged, when somebody else or the customer added something after `seenVersion`; one's own notes and
    /// the program's lines do not stop anybody.
    public func send(_ outgoing: Outgoing, in shop: ShopID, key: IdempotencyKey, by staff: Staff) async throws -> DeskOutcome {
        if let refusal = outgoing.refusal { return .refused(refusal, nil) }
        return try await atDesk(
            ticket: outgoing.ticket, key: key, fingerprint: outgoing.fingerprint, permission: .spend, in: shop, by: staff
        ) { connection, decision, now in
            guard let found = try DeskCase.load(connection, shop: shop, ticket: outgoing.ticket) else {
                return .refused(.unknownTicket(outgoing.ticket), nil)
            }
            if let overtaken = try Overtaking.check(connection, shop: shop, found, seen: outgoing.seenVersion, by: staff.id) { return overtaken }
            guard let rule = decision.shop.rules[outgoing.channel] else {
                return .refused(decision.shop.unknownChannel(outgoing.channel.rawValue), nil)
            }
            let to: String
            switch try CustomerAddresses.recipient(connection, shop: shop, found.customer, outgoing) {
            case .failure(let refusal): return .refused(refusal, nil)
            case .success(let address): to = address
            }
            let quantity = rule.rule.units(text: outgoing.text)?.value ?? 1
            let held: HoldID
            switch try DeskHold.place(
                connection, decision, ticket: outgoing.ticket, channel: outgoing.channel, quantity: quantity,
                deadline: now.addingTimeInterval(Store.sendHoldSeconds), now: now)
            {
            case .failure(let refusal):
                return .refused(refusal, try WaysOut.load(connection, decision, ticket: outgoing.ticket, now: now))
            case .success(let hold): held = hold
            }
            let message = try ConversationRows.add(
                connection, shop: shop, ticket: outgoing.ticket,
                NewMessage(
                    kind: .message, channel: outgoing.channel, direction: .outgoing, state: .sending, user: staff.id, to: to, subject: outgoing.subject,
                    body: outgoing.text, quantity: quantity, ruleVersion: rule.version,
                    segments: outgoing.channel == .sms ? SMSLength(outgoing.text).segments : nil, hold: held),
                now: now)
            try TicketTurn.answered(connection, shop: shop, found, by: staff.id, statusAfter: outgoing.statusAfter, now: now)
            try DraftRows.remove(connection, shop: shop, user: staff.id, ticket: outgoing.ticket, channel: outgoing.channel.rawValue)
            try connection.execute("SELECT pg_notify(\(Store.sendChannel), '')")
            return .done(message, isReplayed: false)
        }
    }
}

/// P: no double reply.
enum Overtaking {
    static func check(
        _ connection: Connection, shop: ShopID, _ found: DeskCase, seen: Int64, by user: UserID
    ) throws -> DeskOutcome? {
        guard found.version > seen else { return nil }
        let newer = try MessageView.load(
            connection, shop: shop,
            where: """
                m.ticket_id = \(found.ticket)::bigint AND m.version > \(seen)::bigint AND m.kind <> 'system'
                AND m.user_id IS DISTINCT FROM \(user)::bigint
                """, limit: Store.overtakenMax)
        return newer.isEmpty ? nil : .overtaken(by: newer.reversed(), version: found.version)
    }
}

/// A hold placed within a transaction of the desk.
enum DeskHold {
    static func place(
        _ connection: Connection, _ decision: Decision, ticket: TicketID, channel: Channel, quantity: Int64, deadline: Date, now: Date
    ) throws -> Result<HoldID, Refusal> {
        let placed = try connection.queryOne(
            """
            SELECT \(sql: Spent.columns), f.hold_id
              FROM place_hold(\(decision.shop.id)::bigint, \(ticket)::bigint, \(channel), \(quantity)::bigint, \(deadline)::timestamptz,
                              \(decision.actor)::bigint, \(now)::timestamptz) f
            """
        ) { row in (spent: try Spent(&row), hold: try row.next(HoldID?.self)) }
        if let hold = placed?.hold { return .success(hold) }
        guard let spent = placed?.spent, spent.status == "insufficient" else { return .failure(.unknownTicket(ticket)) }
        return .failure(
            .insufficientCredits(
                channel: channel, needed: quantity, remaining: spent.available, pool: spent.pooled,
                topUpURL: try TopUp.url(connection, shop: decision.shop.id, ticket: ticket)))
    }
}
