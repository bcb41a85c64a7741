import Domain
import Foundation
import Postgres
import Store

/// A grant as the SQL and the oracle both have it. Value is the SQL's own.
struct HistoryGrant: Equatable, Sendable {
    let id: GrantID
    let ticket: TicketID
    let channel: Channel
    let kind: String
    let line: LineID?
    /// As `Timestamp` writes it: a Date read back may differ by less than a microsecond.
    let expiresAt: String?
    /// granted, used, held, expired, revoked, taken
    let parts: [Int64]
    let value: Int64
    let valueTaken: Int64
    /// What the slices of its entries took of its value, given back or not.
    let valueOfSlices: Int64

    var isExhausted: Bool { parts[2] == 0 && parts[0] == parts.dropFirst().reduce(0, +) }

    init(_ grant: ModelGrant, ticket: TicketID, like sql: HistoryGrant) {
        (id, value, valueTaken, valueOfSlices) = (sql.id, sql.value, sql.valueTaken, sql.valueOfSlices)
        self.ticket = ticket
        (channel, kind, line, expiresAt) = (grant.channel, grant.kind.rawValue, grant.line, grant.expiresAt.map(Timestamp.text))
        parts = [grant.granted, grant.used, grant.held, grant.expired, grant.revoked, grant.taken]
    }

    private init(_ row: inout Row) throws {
        id = try row.next()
        ticket = try row.next()
        channel = try row.next()
        kind = try row.next()
        line = try row.next()
        expiresAt = try row.next(Date?.self).map(Timestamp.text)
        parts = try row.next()
        value = try row.next()
        valueTaken = try row.next()
        valueOfSlices = try row.next()
    }

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [HistoryGrant] {
        try connection.query(
            """
            WITH sliced AS (
                SELECT s.grant_id, sum(s.value * CASE WHEN e.kind IN ('reversal', 'restoration') THEN -1 ELSE 1 END) AS value
                  FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_values) AS s (grant_id, value)
                 WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[])
                   AND e.kind IN ('usage', 'capture', 'expiry', 'revocation', 'adjustment-out', 'transfer-out', 'reversal', 'restoration')
                 GROUP BY s.grant_id)
            SELECT grant_id, ticket_id, channel, kind, line_id, nullif(expires_at, 'infinity'),
                   ARRAY[granted, used, held, expired, revoked, taken], value_minor, value_taken, coalesce(s.value, 0)
              FROM credit_grant LEFT JOIN sliced s USING (grant_id)
             WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY grant_id
            """
        ) { try HistoryGrant(&$0) }
    }
}

/// What an entry moved on one grant. Grants, revocations and restorations take effect when their order changed, and what expires of them not
/// before, so their instant is left out: `TimeTests` pins it.
struct HistoryMove: Hashable, Sendable, CustomStringConvertible {
    let kind: EntryKind
    let grant: GrantID
    let spentFor: TicketID?
    let at: String?

    init(kind: EntryKind, grant: GrantID, spentFor: TicketID?, at: Date) {
        (self.kind, self.grant, self.spentFor) = (kind, grant, spentFor)
        self.at = [.grant, .revocation, .restoration, .expiry].contains(kind) ? nil : Timestamp.text(at)
    }

    var description: String {
        "\(kind.rawValue) on grant \(grant) of the SQL" + (spentFor.map { " for ticket \($0)" } ?? "") + (at.map { " at \($0)" } ?? "")
    }

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [HistoryMove: Int64] {
        let moves = try connection.query(
            """
            SELECT e.kind, s.grant_id, e.for_ticket_id, e.effective_at, s.quantity
              FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_quantities) AS s (grant_id, quantity)
             WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[])
            """
        ) { row in
            (
                HistoryMove(kind: try row.next(), grant: try row.next(), spentFor: try row.next(), at: try row.next()),
                try row.next(Int64.self)
            )
        }
        return Dictionary(moves, uniquingKeysWith: +)
    }
}
