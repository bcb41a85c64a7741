import Domain
import FoundationEssentials
import Store

/// Orders that the shop lists and that were never seen: put there with an old modification time, by an import or a move of the shop, they lie behind
/// the cursor of every walk. The list is read by id, which stays where it is, and of each order only that.
struct UnknownOrders: Sendable {
    static let pagesMax = 10_000

    let reading: ShopReading
    let client: WooCommerceClient

    /// Hands over those of each page with the number of the page that follows; an order deleted meanwhile hides one until the next sweep. False when
    /// the deadline came before the end.
    func find(from first: Int, until deadline: ContinuousClock.Instant?, _ found: (_ orders: [OrderID], _ nextPage: Int) async throws -> Void) async throws -> Bool {
        var last: OrderID?
        for number in first...max(first, UnknownOrders.pagesMax) {
            try Task.checkCancellation()
            if let deadline, ContinuousClock.now >= deadline { return false }
            let page = try await client.orders(parameters(page: number))
            let ids = page.orders.compactMap(\.id)
            if let last, let next = ids.first, next <= last {
                throw FeedFailure(.ignoresParameters, "\(page.shop) sent the same orders on two pages: a cache or plugin changes the request.")
            }
            last = ids.last ?? last
            try await found(try await reading.store.unknownOrders(ids, shop: reading.shop.id), number + 1)
            if !page.hasMore { return true }
        }
        return true
    }

    private func parameters(page: Int) -> [(name: String, value: String)] {
        var parameters = [
            ("per_page", String(WooCommerceClient.pageMax)), ("dates_are_gmt", "true"), ("orderby", "id"), ("order", "asc"), ("_fields", "id"), ("page", String(page)),
        ]
        if let since = reading.shop.since { parameters.append(("after", since.wholeSecond.addingTimeInterval(-1).bareGMT)) }
        return parameters
    }
}
