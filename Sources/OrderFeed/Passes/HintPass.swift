import Domain
import FoundationEssentials
import Store

/// Reads the orders that pushes and people named. A hint is followed, never believed.
struct HintPass: Sendable {
    /// Rounds of `Store.hintsMax` that one pass makes; pushes may come faster than they are followed.
    static let roundsMax = 100

    let reading: ShopReading

    func run() async throws {
        let orders = OrdersByID(client: try reading.client())
        for _ in 0..<HintPass.roundsMax {
            try Task.checkCancellation()
            let hints = try await reading.store.waitingHints(reading.shop.id)
            if hints.isEmpty { return }
            let (found, missing) = try await orders.read(hints.map(\.order))
            var page = FeedPage()
            for source in Set(hints.map(\.reason)) {
                let named = Set(hints.filter { $0.reason == source }.map(\.order))
                let sights = SightReader(client: orders.client, store: reading.store, shop: reading.shop, source: source)
                for sight in try await sights.sights(found.filter { $0.id.map(named.contains) ?? false }) { page.add(sight) }
            }
            page.ignored = missing.count
            page.moves = [.hints(hints)]
            try await reading.keep(page)
        }
    }
}
