import Domain
import Foundation
import Store
import TestSupport
import Testing

/// Two months that are over: the first is closed, the second was closed and opened again. And a shop that was away for a while.
struct TourBooks: Sendable {
    let closed: CivilDay
    let reopened: CivilDay
    let customer: CustomerID

    static func keep(_ world: World, by admin: Staff, _ finance: Staff) async throws -> TourBooks {
        let shop = try await world.shop.shop()
        let today = shop.zone.day(of: Date())
        let last = today.adding(days: -today.day)
        let reopened = last.adding(days: 1 - last.day)
        let closed = reopened.adding(days: -1).adding(days: 1 - reopened.adding(days: -1).day)
        var customer = CustomerID(0)
        for (number, month) in [closed, reopened].enumerated() {
            let at = shop.zone.firstInstant(of: month.adding(days: 9)).addingTimeInterval(36_000)
            let past = Store(pool: world.store.pool, logger: TestServer.logger) { at }
            let order = TestShop.order(id: Int64(9_000 + number), quantity: 3, email: world.address("books"), at: at)
            _ = try await past.takeIn([SeenOrder(order: order, payload: "{}", refunds: nil, seenAt: at, source: .poll)], shop: shop)
            let ticket = try #require(try await past.tickets(TicketFilter(order: order.id), in: shop.id).items.first)
            for channel in ["email", "sms", "video"] {
                _ = try await past.spend(Usage(ticket: ticket.number, channel: channel, quantity: 2), in: shop.id, key: .fresh(), by: .commandLine)
            }
            customer = try #require(try await past.customer(ofTicket: ticket.number, in: shop.id))
        }
        _ = try await world.store.closePeriod(closed, note: "Bank and shop agree.", in: shop, by: finance.caller).get()
        _ = try await world.store.closePeriod(reopened, note: "Bank and shop agree.", in: shop, by: finance.caller).get()
        _ = try await world.store.reopenPeriod(reopened, note: "A refund of 30 October was missing.", in: shop, by: admin.caller).get()
        try await away(world, shop)
        return TourBooks(closed: closed, reopened: reopened, customer: customer)
    }

    private static func away(_ world: World, _ shop: Shop) async throws {
        let (began, ended) = (Date().addingTimeInterval(-9_000), Date().addingTimeInterval(-60))
        try await world.store.pool.transaction { connection in
            _ = try connection.execute(
                """
                INSERT INTO feed_outage (shop_id, began_at, ended_at, error_kind, recovered, counted)
                VALUES (\(shop.id.rawValue)::bigint, \(began)::timestamptz, \(ended)::timestamptz, 'server-error', 2, true)
                """)
        }
    }

    func stops(_ admin: Staff, _ finance: Staff, _ lead: Staff) -> [Tour.Stop] {
        let month = { (first: CivilDay) in "/reports?from=\(first)&through=\(MonthRules.next(after: first).adding(days: -1))" }
        return [
            Tour.Stop(name: "reports-months", path: "/reports/months", staff: admin) { try await $0.click("details.confirm > summary") },
            Tour.Stop(name: "reports-months-finance", path: "/reports/months", staff: finance) { try await $0.click("details.more > summary") },
            Tour.Stop(name: "reports-closed", path: month(closed), staff: finance),
            Tour.Stop(name: "reports-reopened", path: month(reopened), staff: lead),
            Tour.Stop(name: "reports-statement", path: month(closed) + "&customer=\(customer)", staff: lead),
        ]
    }
}
