import Domain
import FoundationEssentials
import Postgres

/// Entries as the database has them.
enum EntryRows {
    /// `condition` may use `e` (entry); ordered by id.
    static func load(
        _ connection: Connection, shop: ShopID, where condition: SQL, descending: Bool = false, limit: Int = 1
    ) throws -> [EntryView] {
        let rows = try connection.query(
            """
            SELECT e.entry_id, e.ticket_id, e.kind, e.channel, e.quantity, e.balance_after, e.slice_grants, e.slice_quantities,
                   e.slice_values, a.label, e.recorded_at, e.effective_at, e.occurred_at, n.reference, n.note, e.reason, e.order_id, e.hold_id,
                   e.corrects_id, e.for_ticket_id, e.rule_version
              FROM entry e
              JOIN actor a ON a.shop_id = e.shop_id AND a.actor_id = e.actor_id
              LEFT JOIN entry_note n ON n.shop_id = e.shop_id AND n.entry_id = e.entry_id
             WHERE e.shop_id = \(shop)::bigint AND \(sql: condition)
             ORDER BY e.entry_id \(raw: descending ? "DESC" : "ASC") LIMIT \(limit)::bigint
            """
        ) { row in try read(&row) }
        let currencies = try GrantCurrency.load(connection, shops: [shop], grants: Array(Set(rows.flatMap { $0.slices.map(\.grant) })))
        return rows.map { entry in
            var entry = entry
            entry.slices = entry.slices.map { slice in
                EntrySlice(
                    grant: slice.grant, ticket: slice.ticket, quantity: slice.quantity, value: slice.value,
                    currency: currencies[slice.grant] ?? "")
            }
            return entry
        }
    }

    private static func read(_ row: inout Row) throws -> EntryView {
        let id = try row.next(EntryID.self)
        let ticket = try row.next(TicketID.self)
        let kind = try row.next(EntryKind.self)
        let channel = try row.next(Channel.self)
        let quantity = try row.next(Int64.self)
        let balance = try row.next(Int64.self)
        let grants = try row.next([GrantID].self)
        let quantities = try row.next([Int64].self)
        let values = try row.next([Int64].self)
        let slices = grants.indices.map {
            EntrySlice(grant: grants[$0], ticket: ticket, quantity: quantities[$0], value: values[$0], currency: "")
        }
        return EntryView(
            id: id, ticket: ticket, kind: kind, channel: channel, quantity: quantity, balanceAfter: balance, slices: slices,
            agent: try row.next(), recordedAt: try row.next(), effectiveAt: try row.next(), occurredAt: try row.next(),
            reference: try row.next(), note: try row.next(), reason: try row.next(), order: try row.next(), hold: try row.next(),
            corrects: try row.next(), forTicket: try row.next(), ruleVersion: try row.next())
    }
}
