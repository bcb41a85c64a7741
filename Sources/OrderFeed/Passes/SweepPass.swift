import Domain
import FoundationEssentials
import Store

/// Re-reads every order whose credits may still count, because some changes move no modification time: a refund deleted, a line edited. Then reads
/// what the shop lists and was never seen. Goes on where it was broken off.
struct SweepPass: Sendable {
    let reading: ShopReading

    /// Sweeps to the end, or until the deadline: then false, and the next call goes on.
    @discardableResult
    func run(until deadline: ContinuousClock.Instant? = nil) async throws -> Bool {
        switch reading.shop.feedKind {
        case .rest: return try await sweep(until: deadline)
        case .deliveries:
            try await tryStored()
            return true
        }
    }

    private func sweep(until deadline: ContinuousClock.Instant?) async throws -> Bool {
        let client = try reading.client()
        let sights = SightReader(client: client, store: reading.store, shop: reading.shop, source: .sweep, trustsStored: false)
        let place = try await reading.store.beginSweep(reading.shop.id, owner: reading.owner)
        var after = place.after
        while true {
            try Task.checkCancellation()
            if let deadline, ContinuousClock.now >= deadline { return false }
            let orders = try await reading.store.sweepBatch(reading.shop, after: after)
            guard let last = orders.last else { break }
            try await read(orders, client, sights, countingMissing: true, moves: [.sweep(after: last)])
            after = last
        }
        let isWhole = try await UnknownOrders(reading: reading, client: client).find(from: place.page, until: deadline) { orders, next in
            try await read(orders, client, sights, countingMissing: false, moves: [.listed(next: next)])
        }
        if isWhole { try await finish() }
        return isWhole
    }

    private func read(
        _ orders: [OrderID], _ client: WooCommerceClient, _ sights: SightReader, countingMissing: Bool, moves: [FeedPage.Move]
    ) async throws {
        let (found, missing) = try await OrdersByID(client: client).read(orders)
        var page = FeedPage()
        for sight in try await sights.sights(found) { page.add(sight) }
        if countingMissing { page.missing = missing }
        page.moves = moves
        try await reading.keep(page)
    }

    /// A relay cannot be asked for an order again: what it recorded is the record, and is looked at under the settings as they are now.
    private func tryStored() async throws {
        _ = try await reading.store.beginSweep(reading.shop.id, owner: reading.owner)
        try await RematchPass(reading: reading).tryAll()
        try await finish()
    }

    private func finish() async throws {
        var page = FeedPage()
        page.moves = [.sweep(after: nil)]
        try await reading.keep(page)
    }
}
