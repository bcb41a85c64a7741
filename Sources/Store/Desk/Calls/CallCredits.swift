import Domain
import FoundationEssentials
import Postgres

/// What a call may cost, and takes.
enum CallCredits {
    /// What the ticket itself and the customer's others would give now.
    static func left(_ connection: Connection, shop: ShopID, ticket: TicketID, channel: Channel, now: Date) throws -> Int64 {
        try connection.queryOne(
            """
            SELECT coalesce(sum(remaining), 0)::bigint
              FROM counters_at(\(shop)::bigint, \(ticket)::bigint || lenders(\(shop)::bigint, \(ticket)::bigint), \(now)::timestamptz)
             WHERE channel = \(channel)
            """
        ) { try $0.next(Int64.self) } ?? 0
    }

    /// How long so many credits last; nil when a call costs the same however long.
    static func seconds(_ credits: Int64, _ rule: UnitRule) -> Int? {
        guard case .videoMinutes(let perMinutes, _, let grace) = rule else { return nil }
        return max(grace, Int(min(credits, CreditCount.valueMax)) * max(perMinutes, 1) * 60)
    }

    typealias Charged = (wanted: Int64, uncovered: Int64, entry: EntryID?)

    /// Ends the call's hold with what the call costs; a hold that lapsed meanwhile is placed again from what is left.
    static func charge(
        _ connection: Connection, _ decision: Decision, _ call: CallView, quantity: Int64, now: Date
    ) throws -> Charged {
        let shop = decision.shop.id
        guard let hold = try liveHold(connection, decision, call, quantity: quantity, now: now) else { return (quantity, quantity, nil) }
        var asked = quantity
        // Twice at most: the first refusal says what there is, and nobody else can take it meanwhile.
        for _ in 0..<2 {
            let ended = try connection.queryOne(
                """
                SELECT \(sql: Spent.columns), f.overdraft FROM end_hold(\(shop)::bigint, \(hold)::bigint, \(asked)::bigint, \(decision.actor)::bigint,
                                                                       \(now)::timestamptz) f
                """
            ) { row in (spent: try Spent(&row), overdraft: try row.next(Int64?.self) ?? 0) }
            guard let ended else { break }
            if ended.spent.status == "done" { return (quantity, quantity - asked, asked > 0 ? ended.spent.entry : nil) }
            guard ended.spent.status == "insufficient" else { break }
            let held = try HoldRow.quantity(connection, shop: shop, hold: hold)
            asked = min(quantity, held + ended.spent.available + ended.spent.pooled + ended.overdraft)
        }
        return (quantity, quantity, nil)
    }

    private static func liveHold(
        _ connection: Connection, _ decision: Decision, _ call: CallView, quantity: Int64, now: Date
    ) throws -> HoldID? {
        if let hold = call.hold, let view = try HoldRow.view(connection, shop: decision.shop.id, hold: hold), view.status == "active", view.expiresAt > now {
            return hold
        }
        let left = try left(connection, shop: decision.shop.id, ticket: call.ticket, channel: call.channel, now: now)
        guard quantity > 0, left > 0 else { return nil }
        let placed = try DeskHold.place(
            connection, decision, ticket: call.ticket, channel: call.channel, quantity: min(quantity, left),
            deadline: now.addingTimeInterval(Store.callHoldSeconds), now: now)
        return if case .success(let hold) = placed { hold } else { nil }
    }
}
