import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Gives back what a usage took, in whole (nil) or in part, to the grants it came from. A caller who may only reverse their own
    /// usages is refused another's.
    public func reverse(
        usage: EntryID, quantity: Int64? = nil, reason: String? = nil, note: String? = nil, in shop: ShopID, key: IdempotencyKey,
        by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint("reversal") { print in
            print.add(usage.rawValue)
            print.add(quantity)
            print.add(reason)
            print.add(note)
        }
        if let quantity, case .failure(let refusal) = QuantityCheck.positive(quantity) { return .refused(refusal) }
        if let refusal = Texts.refusal(note, field: "note", max: Store.noteMax) { return .refused(refusal) }
        let any = caller.refusal(for: .reverseAny) == nil
        return try await keyed(
            shop, key: key, fingerprint: print.bytes, by: caller, permission: any ? .reverseAny : .reverseOwn
        ) { connection, decision, now in
            if let refusal = decision.shop.refusal(reason: reason, required: false) { return .refused(refusal) }
            let cap = DayCap(caller, any ? .reverseAny : .reverseOwn, shop: decision.shop, now: now)
            let reversed = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns), f.ticket_id, f.channel
                  FROM reverse_usage(\(shop)::bigint, \(usage)::bigint, \(quantity)::bigint, \(any ? nil : decision.actor)::bigint,
                                     \(reason), \(cap.credits)::bigint, \(cap.dayStart)::timestamptz, \(caller.role), \(decision.actor)::bigint,
                                     \(now)::timestamptz) f
                """
            ) { row in (spent: try Spent(&row), ticket: try row.next(TicketID?.self), channel: try row.next(Channel?.self)) }
            guard let reversed, let ticket = reversed.ticket, let channel = reversed.channel, let id = reversed.spent.entry else {
                switch reversed?.spent.status {
                case "exceeds":
                    let left = reversed?.spent.available ?? 0
                    return .refused(.reversalExceedsUsage(usage: usage, asked: quantity ?? left, left: left))
                case "over-cap": return .refused(cap.refusal(left: reversed?.spent.available ?? 0, asked: quantity ?? 0))
                case "not-own": return .refused(.notPermitted(role: caller.role ?? .agent, permission: .reverseAny))
                default: return .refused(.unknownUsage(usage))
                }
            }
            try EntryNote.keep(connection, shop: shop, entry: id, note: note)
            let entry = try reversed.spent.entry(
                connection, id: id, ticket: ticket, kind: .reversal, channel: channel, decision: decision, now: now, corrects: usage,
                reason: reason, note: note)
            return try .written(connection, shop: shop, ticket: ticket, entry: entry, now: now)
        }
    }

    /// A signed correction with a reason and a note, within the cap of the caller's role per ticket and day.
    public func adjust(
        ticket: TicketID, channel: String, quantity: Int64, reason: String, note: String, expiresAt: Date? = nil, in shop: ShopID,
        key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint("adjustment") { print in
            print.add(ticket.rawValue)
            print.add(channel)
            print.add(quantity)
            print.add(reason)
            print.add(note)
            print.add(expiresAt.map(Timestamp.text))
        }
        if case .failure(let refusal) = QuantityCheck.signed(quantity) { return .refused(refusal) }
        if let refusal = Texts.refusal(note, field: "note", max: Store.noteMax) { return .refused(refusal) }
        if quantity < 0, expiresAt != nil {
            return .refused(.invalidField(field: "expires_at", expected: "nothing with a negative quantity: only what is given can expire"))
        }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .adjust) { connection, decision, now in
            guard let channel = decision.shop.channel(channel) else { return .refused(decision.shop.unknownChannel(channel)) }
            if let refusal = decision.shop.refusal(reason: reason, required: true) { return .refused(refusal) }
            if let expiresAt, expiresAt <= now { return .refused(.invalidField(field: "expires_at", expected: "a time that is still to come")) }
            let cap = DayCap(caller, .adjust, shop: decision.shop, now: now)
            let spent = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns)
                  FROM (SELECT adjust(\(shop)::bigint, \(ticket)::bigint, \(channel), \(quantity)::bigint, \(expiresAt)::timestamptz, \(reason), \(note),
                               \(cap.credits)::bigint, \(cap.dayStart)::timestamptz, \(caller.role), \(decision.actor)::bigint,
                               \(now)::timestamptz) AS result) f
                """
            ) { try Spent(&$0) }
            guard let spent, let id = spent.entry else {
                switch spent?.status {
                case "over-cap": return .refused(cap.refusal(left: spent?.available ?? 0, asked: abs(quantity)))
                case "insufficient":
                    return .refused(
                        .insufficientCredits(
                            channel: channel, needed: -quantity, remaining: spent?.available ?? 0, pool: 0, topUpURL: nil))
                default: return .refused(.unknownTicket(ticket))
                }
            }
            let entry = try spent.entry(
                connection, id: id, ticket: ticket, kind: quantity > 0 ? .adjustmentIn : .adjustmentOut, channel: channel,
                decision: decision, now: now, reason: reason, note: note)
            return try .written(connection, shop: shop, ticket: ticket, entry: entry, now: now)
        }
    }

    /// Moves unused credits to another ticket of the same customer.
    public func transfer(
        from ticket: TicketID, to target: TicketID, channel: String, quantity: Int64, reason: String, note: String, in shop: ShopID,
        key: IdempotencyKey, by caller: Caller
    ) async throws -> Answer {
        let print = Fingerprint("transfer") { print in
            print.add(ticket.rawValue)
            print.add(target.rawValue)
            print.add(channel)
            print.add(quantity)
            print.add(reason)
            print.add(note)
        }
        if case .failure(let refusal) = QuantityCheck.positive(quantity) { return .refused(refusal) }
        if let refusal = Texts.refusal(note, field: "note", max: Store.noteMax) { return .refused(refusal) }
        return try await keyed(shop, key: key, fingerprint: print.bytes, by: caller, permission: .transfer) { connection, decision, now in
            guard ticket != target else { return .refused(.sameTicket(ticket)) }
            guard let channel = decision.shop.channel(channel) else { return .refused(decision.shop.unknownChannel(channel)) }
            if let refusal = decision.shop.refusal(reason: reason, required: true) { return .refused(refusal) }
            let cap = DayCap(caller, .transfer, shop: decision.shop, now: now)
            let spent = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns)
                  FROM (SELECT transfer(\(shop)::bigint, \(ticket)::bigint, \(target)::bigint, \(channel), \(quantity)::bigint, \(reason), \(note),
                                        \(cap.credits)::bigint, \(cap.dayStart)::timestamptz, \(caller.role), \(decision.actor)::bigint, \(now)::timestamptz) AS result) f
                """
            ) { try Spent(&$0) }
            guard let spent, let id = spent.entry else {
                switch spent?.status {
                case "over-cap": return .refused(cap.refusal(left: spent?.available ?? 0, asked: quantity))
                case "unknown-target": return .refused(.unknownTicket(target))
                case "other-customer": return .refused(.transferToOtherCustomer(from: ticket, to: target))
                case "insufficient":
                    return .refused(
                        .insufficientCredits(channel: channel, needed: quantity, remaining: spent?.available ?? 0, pool: 0, topUpURL: nil))
                default: return .refused(.unknownTicket(ticket))
                }
            }
            let entry = try spent.entry(
                connection, id: id, ticket: ticket, kind: .transferOut, channel: channel, decision: decision, now: now, reason: reason,
                note: note)
            return try .written(connection, shop: shop, ticket: ticket, entry: entry, now: now)
        }
    }

    /// Notes at most, in characters.
    public static let noteMax = 2000
}

enum EntryNote {
    static func keep(_ connection: Connection, shop: ShopID, entry: EntryID, note: String?) throws {
        guard let note else { return }
        try connection.execute("INSERT INTO entry_note (shop_id, entry_id, note) VALUES (\(shop)::bigint, \(entry)::bigint, \(note))")
    }
}

extension Shop {
    func refusal(reason: String?, required: Bool) -> Refusal? {
        guard let reason else { return required ? .missingField(field: "reason", expected: reasons.map(\.rawValue).joined(separator: ", ")) : nil }
        return reasons.contains { $0.rawValue == reason } ? nil : .unknownReason(name: reason, known: reasons)
    }
}

/// How many credits a caller may still move on one ticket and day, in the shop's zone; no cap when `credits` is nil.
struct DayCap: Sendable {
    let credits: Int64?
    let dayStart: Date
    private let role: Role

    init(_ caller: Caller, _ permission: Permission, shop: Shop, now: Date) {
        credits = if case .credits(let cap) = caller.allowance(for: permission, leadCap: shop.leadCap) { cap } else { nil }
        dayStart = shop.zone.firstInstant(of: shop.zone.day(of: now))
        role = caller.role ?? .lead
    }

    func refusal(left: Int64, asked: Int64) -> Refusal { .overCap(role: role, cap: credits ?? 0, left: left, asked: asked) }
}
