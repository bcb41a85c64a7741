import Domain
import Foundation
import Store
import Testing

/// Two months that are over: the first is closed, the second was closed and opened again. And a shop that was away for a while.
struct TourBooks: Sendable {
    let closed: CivilDay
    let reopened: CivilDay
    let customer: CustomerID
    /// Who used credits in both.
    let agentName: String

    static func keep(_ world: World, by admin: Staff, _ finance: Staff, _ agent: Staff) async throws -> TourBooks {
        let shop = try await world.shop.shop()
        let (closed, reopened) = (try await world.month(back: 2), try await world.month(back: 1))
        let ticket = try await world.live(in: closed, order: 9_000, by: agent.caller)
        try await world.live(in: reopened, order: 9_001, by: agent.caller)
        let customer = try #require(try await world.store.customer(ofTicket: ticket, in: shop.id))
        _ = try await world.store.closePeriod(closed, note: "Bank and shop agree.", in: shop, by: finance.caller).get()
        _ = try await world.store.closePeriod(reopened, note: "Bank and shop agree.", in: shop, by: finance.caller).get()
        _ = try await world.store.reopenPeriod(reopened, note: "A refund of 30 October was missing.", in: shop, by: admin.caller).get()
        try await away(world, shop)
        return TourBooks(closed: closed, reopened: reopened, customer: customer, agentName: agent.email)
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

    func stops(_ admin: Staff, _ finance: Staff, _ lead: Staff, _ agent: Staff) -> [Tour.Stop] {
        let month = { (first: CivilDay) in "/reports?from=\(first)&through=\(MonthRules.next(after: first).adding(days: -1))" }
        return [
            Tour.Stop(name: "reports-months", path: "/reports/months", staff: admin) { try await $0.click("details.confirm > summary") },
            Tour.Stop(name: "reports-months-finance", path: "/reports/months", staff: finance) { try await $0.click("details.more > summary") },
            Tour.Stop(name: "reports-months-forbidden", path: "/reports/months", staff: agent),
            Tour.Stop(name: "reports-closed", path: month(closed), staff: finance),
            Tour.Stop(name: "reports-reopened", path: month(reopened), staff: finance),
            Tour.Stop(name: "reports-partial", path: "/reports", staff: lead) { try await $0.see(".notice.warn", "2 orders recovered since") },
            Tour.Stop(name: "reports-statement", path: month(closed) + "&customer=\(customer)", staff: lead),
            Tour.Stop(name: "reports-statement-later", path: month(reopened) + "&customer=\(customer)", staff: finance),
            Tour.Stop(name: "reports-agent", path: month(reopened) + "&agent=\(agentName)", staff: lead),
            Tour.Stop(name: "reports-agent-none", path: "/reports?agent=Zoran", staff: finance),
        ]
    }
}
