import Domain
import FoundationEssentials
import Store

/// Orders that the shop lists and that were never seen: put there with an old modification time, by an import or a move of the shop, they lie behind
/// the cursor of every walk. The shop's own count tells whether there are any.
struct UnknownOrders: Sendable {
    static let pagesMax = 10_000

    let reading: ShopReading
    let client: WooCommerceClient

    /// Hands over their ids, so many at a time as the list has on a page. Costs one small request where there are none.
    func find(_ found: ([OrderID]) async throws -> Void) async throws {
        let counted = try await client.orders(parameters(perPage: 1)).total
        guard let counted, counted > (try await reading.store.listedOrders(reading.shop)) else { return }
        for number in 1...UnknownOrders.pagesMax {
            try Task.checkCancellation()
            // By id, which stays where it is; an order deleted meanwhile hides one until the next sweep.
            let page = try await client.orders(
                parameters(perPage: WooCommerceClient.pageMax) + [("orderby", "id"), ("order", "asc"), ("_fields", "id"), ("page", String(number))])
            let unknown = try await reading.store.unknownOrders(page.orders.compactMap(\.id), shop: reading.shop.id)
            if !unknown.isEmpty { try await found(unknown) }
            if !page.hasMore { return }
        }
    }

    private func parameters(perPage: Int) -> [(name: String, value: String)] {
        var parameters = [("per_page", String(perPage)), ("dates_are_gmt", "true")]
        if let since = reading.shop.since { parameters.append(("after", since.wholeSecond.addingTimeInterval(-1).bareGMT)) }
        return parameters
    }
}
