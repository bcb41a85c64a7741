import Domain
import FoundationEssentials

/// Reads named orders: those that the list shows in one request, the others one by one (trashed ones, and those whose plugin is gone,
/// answer by id only).
struct OrdersByID: Sendable {
    /// Fewer than so many are asked for one by one.
    static let listMin = 3

    let client: WooCommerceClient

    /// `missing` are those of which the shop says that there is no such order; any other trouble is thrown.
    func read(_ ids: [OrderID]) async throws -> (found: [ReadOrder], missing: [OrderID]) {
        var found: [OrderID: ReadOrder] = [:]
        if ids.count >= OrdersByID.listMin {
            let include = ids.map(\.description).joined(separator: ",")
            let page = try await client.orders([("include", include), ("per_page", String(WooCommerceClient.pageMax)), ("orderby", "id")])
            for order in page.orders { if let id = order.id { found[id] = order } }
        }
        let listed = found
        let others = ids.filter { listed[$0] == nil }
        let single = try await others.mapConcurrently(max: SightReader.concurrencyMax) { id in (id, try await client.order(id)) }
        for (id, order) in single { if let order { found[id] = order } }
        let all = found
        return (ids.compactMap { all[$0] }, ids.filter { all[$0] == nil })
    }
}
