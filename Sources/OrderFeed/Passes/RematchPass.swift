import Domain
import FoundationEssentials
import Store

/// Tries stored orders again, as the versions they are: after a plan import a line that matched nothing may match.
struct RematchPass: Sendable {
    let reading: ShopReading

    /// From where the last try was broken off, and again from the start when another import comes meanwhile.
    func run() async throws {
        while let after = try await reading.store.feedState(reading.shop.id)?.rematchAfter {
            try Task.checkCancellation()
            let documents = try await reading.store.documentBatch(reading.shop.id, after: after)
            try await take(documents, moves: [.rematch(from: after, to: documents.last?.order)])
        }
    }

    /// All of them once, whether or not it was asked for.
    func tryAll() async throws {
        var after = OrderID(0)
        while true {
            try Task.checkCancellation()
            let documents = try await reading.store.documentBatch(reading.shop.id, after: after)
            guard let last = documents.last else { return }
            try await take(documents, moves: [])
            after = last.order
        }
    }

    private func take(_ documents: [StoredDocument], moves: [FeedPage.Move]) async throws {
        var page = FeedPage()
        page.orders = documents.compactMap(RematchPass.sight)
        page.moves = moves
        var figures = try await reading.store.keep(page, shop: reading.shop, owner: reading.owner)
        // Nothing was seen at the shop: only what has changed counts.
        figures.seen = 0
        figures.ignored = 0
        reading.figures.add(figures)
    }

    /// Status and version as they stand in the row: a deletion that was delivered is in no document.
    static func sight(_ stored: StoredDocument) -> SeenOrder? {
        guard var order = try? WooOrderDocument.decode(Array(stored.payload.utf8)) else { return nil }
        if let raw = stored.refunds, let refunds = try? WooOrderDocument.decodeRefunds(Array(raw.utf8), currency: order.currency) {
            order = order.knowing(refunds: refunds)
        }
        order.status = stored.status
        order.modifiedAt = stored.modifiedAt
        return SeenOrder(
            order: order.storable, payload: stored.payload, refunds: stored.refunds, seenAt: stored.seenAt, source: stored.source)
    }
}
