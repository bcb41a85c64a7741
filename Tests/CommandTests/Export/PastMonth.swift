import Domain
import Foundation
import Postgres
import Store
import TestSupport

/// A shop's month that is over: sold and used in it.
struct PastMonth {
    /// `2026-10`.
    let name: String
    /// An instant in its middle.
    let middle: Date
    let store: Store

    /// The month before this one in UTC, with one order and one use in it.
    static func live(_ pool: Pool, shop id: ShopID, order: Int64 = 71) async throws -> PastMonth {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(identifier: "UTC") ?? calendar.timeZone
        let parts = calendar.dateComponents([.year, .month], from: Date())
        let first = calendar.date(from: parts) ?? Date()
        let middle = first.addingTimeInterval(-14 * 86_400)
        let store = Store(pool: pool, logger: TestServer.logger) { middle }
        guard let shop = try await store.shop(id) else { throw FixtureError("no shop") }
        var paid = TestShop.order(id: order, at: middle)
        paid.lines[0].sku = "SUP-START"
        _ = try await store.takeIn([SeenOrder(order: paid, payload: "{}", refunds: nil, seenAt: middle, source: .poll)], shop: shop)
        guard let ticket = try await store.tickets(TicketFilter(order: OrderID(order)), in: id).items.first else { throw FixtureError("no ticket") }
        _ = try await store.spend(Usage(ticket: ticket.number, channel: "email", quantity: 1), in: id, key: .fresh(), by: .commandLine)
        return PastMonth(name: String(Timestamp.text(middle).prefix(7)), middle: middle, store: store)
    }
}
