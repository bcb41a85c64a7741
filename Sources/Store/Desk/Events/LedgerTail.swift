import Domain
import Foundation
import Postgres

/// Reads the ledger's new rows by their ids. A transaction may commit behind a later id, so ids that were left out are asked for again for a while.
struct LedgerTail: Sendable {
    /// Rows of one shop read in one look; more than that and its windows are told to reload.
    static let rowsMax = 1_000
    /// Ids left out that are asked for again, and how long, in seconds.
    static let gapsMax = 2_000
    static let gapSecondsMax = 5.0
    /// How far the first look goes back.
    private static let overlap: Int64 = 200

    private var last: Int64?
    private var gaps: [Int64: Date] = [:]

    struct News: Sendable {
        var tickets: [ShopID: Set<TicketID>] = [:]
        var flooded: Set<ShopID> = []
    }

    func look(_ connection: Connection, shops: [ShopID], now: Date = Date()) throws -> (LedgerTail, News) {
        var next = self
        if next.last == nil {
            let newest = try connection.queryOne(
                """
                SELECT max(x.entry_id) FROM unnest(\(shops)::bigint[]) AS s (shop_id)
                 CROSS JOIN LATERAL (SELECT entry_id FROM entry e WHERE e.shop_id = s.shop_id ORDER BY entry_id DESC LIMIT 1) x
                """
            ) { try $0.next(Int64?.self) } ?? nil
            next.last = max(0, (newest ?? 0) - LedgerTail.overlap)
        }
        let from = next.last ?? 0
        let rows = try connection.query(
            """
            SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id FROM unnest(\(shops)::bigint[]) AS s (shop_id)
             CROSS JOIN LATERAL (SELECT * FROM entry x WHERE x.shop_id = s.shop_id AND x.entry_id > \(from)::bigint
                                  ORDER BY x.entry_id LIMIT \(LedgerTail.rowsMax)::bigint) e
            UNION ALL
            SELECT e.shop_id, e.entry_id, e.ticket_id, e.for_ticket_id FROM unnest(\(shops)::bigint[]) AS s (shop_id)
             CROSS JOIN unnest(\(Array(gaps.keys))::bigint[]) AS g (entry_id)
             JOIN entry e ON e.shop_id = s.shop_id AND e.entry_id = g.entry_id
            """
        ) { row in
            (shop: try row.next(ShopID.self), id: try row.next(Int64.self), ticket: try row.next(TicketID.self), asker: try row.next(TicketID?.self))
        }
        var news = News()
        var counts: [ShopID: Int] = [:]
        for row in rows {
            news.tickets[row.shop, default: []].insert(row.ticket)
            if let asker = row.asker { news.tickets[row.shop, default: []].insert(asker) }
            if row.id > from { counts[row.shop, default: 0] += 1 }
        }
        news.flooded = Set(counts.filter { $0.value >= LedgerTail.rowsMax }.keys)
        next.remember(rows.map(\.id), after: from, now: now)
        return (next, news)
    }

    private mutating func remember(_ ids: [Int64], after from: Int64, now: Date) {
        let seen = Set(ids)
        gaps = gaps.filter { !seen.contains($0.key) && now.timeIntervalSince($0.value) < LedgerTail.gapSecondsMax }
        guard let newest = ids.max(), newest > from else { return }
        for id in max(from + 1, newest - Int64(LedgerTail.gapsMax))..<newest where !seen.contains(id) && gaps.count < LedgerTail.gapsMax {
            gaps[id] = now
        }
        last = newest
    }
}
