import Domain
import Foundation
import Postgres
import Store

/// A grant as the SQL and the oracle both have it.
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

    var isExhausted: Bool { parts[2] == 0 && parts[0] == parts.dropFirst().reduce(0, +) }

    init(_ grant: ModelGrant, ticket: TicketID, like sql: HistoryGrant) {
        (id, value, valueTaken) = (sql.id, grant.value, grant.valueTaken)
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
    }

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [HistoryGrant] {
        try connection.query(
            """
            SELECT grant_id, ticket_id, channel, kind, line_id, nullif(expires_at, 'infinity'),
                   ARRAY[granted, used, held, expired, revoked, taken], value_minor, value_taken
              FROM credit_grant WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY grant_id
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

    static func load(_ connection: Connection, shop: ShopID, tickets: [TicketID]) throws -> [HistoryMove: HistoryAmount] {
        let moves = try connection.query(
            """
            SELECT e.kind, s.grant_id, e.for_ticket_id, e.effective_at, s.quantity, s.value
              FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_quantities, e.slice_values) AS s (grant_id, quantity, value)
             WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[])
            """
        ) { row in
            (
                HistoryMove(kind: try row.next(), grant: try row.next(), spentFor: try row.next(), at: try row.next()),
                HistoryAmount(credits: try row.next(), value: try row.next())
            )
        }
        return Dictionary(moves, uniquingKeysWith: +)
    }
}

/// Credits and what they are worth.
struct HistoryAmount: Hashable, Sendable, CustomStringConvertible {
    let credits: Int64
    let value: Int64

    static func + (left: HistoryAmount, right: HistoryAmount) -> HistoryAmount {
        HistoryAmount(credits: left.credits + right.credits, value: left.value + right.value)
    }
    var description: String { "\(credits) for \(value)" }
}

/// The books of one line and channel: sold, refunded, corrected, the line's net, and whether it was revalued.
struct HistoryBooks: Hashable, Sendable {
    let figures: [Int64]
    let isRevalued: Bool

    static func load(_ connection: Connection, shop: ShopID, lines: [LineID]) throws -> [String: HistoryBooks] {
        let rows = try connection.query(
            """
            SELECT v.line_id || ' ' || v.channel, ARRAY[v.list_minor, v.list_credits, v.sold, v.refunded, v.corrected, l.net_minor], l.revalued
              FROM line_value v JOIN order_line l USING (shop_id, order_id, line_id)
             WHERE v.shop_id = \(shop)::bigint AND v.line_id = ANY (\(lines)::bigint[])
            """
        ) { row in (try row.next(String.self), HistoryBooks(figures: try row.next(), isRevalued: try row.next())) }
        return Dictionary(uniqueKeysWithValues: rows)
    }

    static func told(_ books: [LineID: LineBooks]) -> [String: HistoryBooks] {
        var told: [String: HistoryBooks] = [:]
        for (line, books) in books {
            for (channel, part) in books.parts {
                told["\(line) \(channel)"] = HistoryBooks(
                    figures: [part.list, part.credits, part.sold, part.refunded, part.corrected, books.net], isRevalued: books.isRevalued)
            }
        }
        return told
    }
}
