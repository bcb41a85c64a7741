import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Adds an internal note: costs nothing, works at zero, and is not stopped by what others added.
    public func addNote(
        _ text: String, to ticket: TicketID, in shop: ShopID, key: IdempotencyKey, by staff: Staff
    ) async throws -> DeskOutcome {
        if let refusal = Texts.refusal(text, field: "text", max: Outgoing.textMax) { return .refused(refusal, nil) }
        let print = Fingerprint("note") { print in
            print.add(ticket.rawValue)
            print.add(text)
        }
        return try await atDesk(ticket: ticket, key: key, fingerprint: print.bytes, permission: .read, in: shop, by: staff) { connection, _, now in
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return .refused(.unknownTicket(ticket), nil) }
            let message = try ConversationRows.add(
                connection, shop: shop, ticket: ticket,
                NewMessage(kind: .note, direction: .internal, state: .kept, user: staff.id, body: text), now: now)
            try DraftRows.remove(connection, shop: shop, user: staff.id, ticket: ticket, channel: DraftView.noteChannel)
            return .done(message, isReplayed: false)
        }
    }

    /// Books work that was done elsewhere (a call from one's own phone) and puts it into the conversation.
    public func recordUsage(
        _ usage: Usage, note: String?, in shop: ShopID, key: IdempotencyKey, by staff: Staff
    ) async throws -> DeskOutcome {
        if let refusal = Texts.refusal(note, field: "note", max: Store.noteMax) ?? Texts.refusal(usage.reference, field: "reference") {
            return .refused(refusal, nil)
        }
        let price: (quantity: CreditCount, ruleVersion: Int?)
        switch try await preview(usage, in: shop) {
        case .failure(let refusal): return .refused(refusal, nil)
        case .success(let found): price = found
        }
        let ticket = usage.ticket
        let print = Fingerprint("usage elsewhere") { print in
            print.add(Hex.text(usage.fingerprint))
            print.add(note)
        }
        return try await atDesk(ticket: ticket, key: key, fingerprint: print.bytes, permission: .spend, in: shop, by: staff) { connection, decision, now in
            guard let channel = decision.shop.channel(usage.channel) else { return .refused(decision.shop.unknownChannel(usage.channel), nil) }
            guard try DeskCase.load(connection, shop: shop, ticket: ticket) != nil else { return .refused(.unknownTicket(ticket), nil) }
            let quantity = price.quantity.value
            let spent = try connection.queryOne(
                """
                SELECT status, entry_id, balance_after, pooled
                  FROM spend_each(ARRAY[\(shop)::bigint], ARRAY[\(ticket)::bigint], ARRAY[\(channel)::text], ARRAY[\(quantity)::bigint],
                                  ARRAY[\(decision.actor)::bigint], ARRAY[\(usage.occurredAt)::timestamptz],
                                  ARRAY[\(price.ruleVersion)::integer], ARRAY[\(usage.reference)::text], \(now)::timestamptz)
                """
            ) { row in
                (status: try row.next(String.self), entry: try row.next(EntryID?.self), left: try row.next(Int64.self), pooled: try row.next(Int64.self))
            }
            guard let spent, let entry = spent.entry else {
                let ways = try WaysOut.load(connection, decision, ticket: ticket, now: now)
                return .refused(
                    .insufficientCredits(
                        channel: channel, needed: quantity, remaining: spent?.left ?? 0, pool: spent?.pooled ?? 0, topUpURL: ways.topUpURL), ways)
            }
            let message = try ConversationRows.add(
                connection, shop: shop, ticket: ticket,
                NewMessage(
                    kind: .usage, channel: channel, direction: .outgoing, state: .kept, user: staff.id, body: note ?? "", quantity: quantity,
                    ruleVersion: price.ruleVersion, seconds: usage.seconds, entry: entry),
                now: now)
            return .done(message, isReplayed: false)
        }
    }
}
