import Domain
import FoundationEssentials
import Store

/// Completes orders with the lines of their refunds, which WooCommerce tells only at another address (`woocommerce.md`, "Refunds" 2).
struct SightReader: Sendable {
    /// Requests for refunds at a time: a shop is slow, be gentle.
    static let concurrencyMax = 2
    /// How often an order that changes between its two reads is read again.
    static let readsMax = 3

    let client: WooCommerceClient
    let store: Store
    let shop: Shop
    let source: OrderSource
    /// Whether refunds are not read again where the order's document is the one that is stored.
    var trustsStored = true

    /// The orders of one answer, in its order.
    func sights(_ orders: [ReadOrder]) async throws -> [Sight] {
        let refunded = orders.compactMap { read -> OrderID? in
            guard case .success(let order) = read.order, !order.refunds.isEmpty else { return nil }
            return order.id
        }
        let stored = trustsStored ? try await store.storedDocuments(refunded, shop: shop.id) : [:]
        return try await orders.mapConcurrently(max: SightReader.concurrencyMax) { read in
            try await sight(read, stored: read.id.flatMap { stored[$0] })
        }
    }

    private func sight(_ read: ReadOrder, stored: StoredDocument?) async throws -> Sight {
        let order: ShopOrder
        switch read.order {
        case .success(let understood): order = understood
        case .failure(let error): return rejected(read, error)
        }
        guard !order.refunds.isEmpty else { return .seen(SeenOrder(order, raw: read.raw, refunds: nil, seenAt: read.readAt, source: source)) }
        if let stored, let raw = stored.refunds, stored.payload == RawText.storable(read.raw),
            let refunds = try? WooOrderDocument.decodeRefunds(Array(raw.utf8), currency: order.currency)
        {
            return .seen(SeenOrder(order.knowing(refunds: refunds), raw: read.raw, refunds: Array(raw.utf8), seenAt: read.readAt, source: source))
        }
        return try await withRefunds(read, order)
    }

    /// The order and its refunds are two reads: when they do not agree, the order is read again. Where they never agree, or the order
    /// is gone by now, its refunds count by amount.
    private func withRefunds(_ first: ReadOrder, _ firstOrder: ShopOrder) async throws -> Sight {
        var (read, order) = (first, firstOrder)
        for _ in 0..<SightReader.readsMax {
            let (raw, list) = try await client.refunds(order)
            switch list {
            case .failure(let error):
                return .rejected(
                    RejectedDocument(
                        source: source, order: order.id, reason: "its refunds were not understood: \(error)", raw: read.raw,
                        refunds: RawText.storable(raw), receivedAt: read.readAt))
            case .success(let refunds) where Set(refunds.map(\.id)) == Set(order.refunds.map(\.id)):
                return .seen(SeenOrder(order.knowing(refunds: refunds), raw: read.raw, refunds: raw, seenAt: read.readAt, source: source))
            case .success: break
            }
            guard let again = try await client.order(order.id) else { break }
            switch again.order {
            case .success(let newer): (read, order) = (again, newer)
            case .failure(let error): return rejected(again, error)
            }
            if order.refunds.isEmpty { break }
        }
        return .seen(SeenOrder(order, raw: read.raw, refunds: nil, seenAt: read.readAt, source: source))
    }

    private func rejected(_ read: ReadOrder, _ error: OrderDocumentError) -> Sight {
        .rejected(RejectedDocument(source: source, order: read.id, reason: error.description, raw: read.raw, receivedAt: read.readAt))
    }
}

extension Array where Element: Sendable {
    /// The results in the order of the elements, so many at a time; the first error ends the rest.
    func mapConcurrently<Result: Sendable>(
        max: Int, _ transform: @escaping @Sendable (Element) async throws -> Result
    ) async throws -> [Result] {
        try await withThrowingTaskGroup(of: Placed<Result>.self) { group in
            var results = [Result?](repeating: nil, count: count)
            for index in indices {
                if index >= max, let done = try await group.next() { results[done.place] = done.result }
                group.addTask { Placed(place: index, result: try await transform(self[index])) }
            }
            for try await done in group { results[done.place] = done.result }
            return results.compactMap { $0 }
        }
    }
}

/// A result and whose it is. Not a tuple: release builds of Swift 6.3.1 crash in a task group of tuples.
private struct Placed<Result: Sendable>: Sendable {
    let place: Int
    let result: Result
}
