import Domain
import Foundation
import Store
import TestSupport
import Testing

extension World {
    /// The first day of the month that lies so many before this one, in the shop's zone.
    func month(back: Int) async throws -> CivilDay {
        let today = try await shop.shop().zone.day(of: Date())
        var month = today.adding(days: 1 - today.day)
        for _ in 0..<back {
            let last = month.adding(days: -1)
            month = last.adding(days: 1 - last.day)
        }
        return month
    }

    /// An order of three START packages on the tenth of a month that is over, two credits of each channel used; the ticket it opened.
    @discardableResult
    func live(in month: CivilDay, order number: Int64, by caller: Caller = .commandLine) async throws -> TicketID {
        let shop = try await shop.shop()
        let at = shop.zone.firstInstant(of: month.adding(days: 9)).addingTimeInterval(36_000)
        let past = Store(pool: store.pool, logger: TestServer.logger) { at }
        let order = TestShop.order(id: number, quantity: 3, email: address("books"), at: at)
        _ = try await past.takeIn([SeenOrder(order: order, payload: "{}", refunds: nil, seenAt: at, source: .poll)], shop: shop)
        let ticket = try #require(try await past.tickets(TicketFilter(order: order.id), in: shop.id).items.first).number
        for channel in ["email", "sms", "video"] {
            _ = try await past.spend(Usage(ticket: ticket, channel: channel, quantity: 2), in: shop.id, key: .fresh(), by: caller)
        }
        return ticket
    }

    /// Many more credits, all used again one by one, straight into the ledger, so that its file is large: some 200 bytes each.
    func fillLedger(_ ticket: TicketID, usages: Int) async throws {
        try await store.pool.transaction { [shop = shop.id] connection in
            _ = try connection.execute(
                """
                WITH more AS (
                    UPDATE credit_grant g SET granted = g.granted + n, entitled = g.entitled + n, used = g.used + n
                      FROM (SELECT min(x.grant_id) AS grant_id, \(usages)::bigint AS n FROM credit_grant x
                             WHERE x.shop_id = \(shop)::bigint AND x.ticket_id = \(ticket)::bigint) one
                     WHERE g.shop_id = \(shop)::bigint AND g.grant_id = one.grant_id RETURNING g.*, n),
                counted AS (
                    UPDATE counter c SET granted = c.granted + n, used = c.used + n FROM more g
                     WHERE c.shop_id = g.shop_id AND c.ticket_id = g.ticket_id AND c.channel = g.channel RETURNING c.remaining)
                INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id,
                                   recorded_at, effective_at)
                SELECT g.shop_id, g.ticket_id, g.channel, CASE k WHEN 0 THEN 'grant' ELSE 'usage' END, q, counted.remaining + n - k, ARRAY[g.grant_id], ARRAY[q],
                       ARRAY[0], (SELECT min(a.actor_id) FROM actor a WHERE a.shop_id = g.shop_id), now(), now()
                  FROM more g CROSS JOIN counted CROSS JOIN generate_series(0, \(usages)::bigint) k
                 CROSS JOIN LATERAL (SELECT CASE k WHEN 0 THEN n ELSE 1 END AS q) s
                """)
        }
    }
}
