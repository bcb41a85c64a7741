import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// Stored orders looked at in one transaction.
    static let rematchOrdersMax = 200

    /// Looks at every stored order once more, as the version that it is: lines that matched nothing are tried against the plans as they are
    /// now. What happens after every plan import. A stored document that cannot be read any more is left as it is.
    public func rematch(_ shop: Shop) async throws -> IntakeFigures {
        var figures = IntakeFigures()
        var after: OrderID?
        while true {
            try Task.checkCancellation()
            let stored = try await store.storedOrders(in: shop.id, after: after, limit: FeedDesk.rematchOrdersMax)
            guard let last = stored.last else { return figures }
            figures += try await store.takeIn(stored.compactMap(FeedDesk.seen), shop: shop)
            after = last.id
        }
    }

    private static func seen(_ stored: StoredOrder) -> SeenOrder? {
        do {
            var order = try WooOrderDocument.decode(Array(stored.payload.utf8))
            if let refunds = stored.refunds {
                order = order.knowing(refunds: try WooOrderDocument.decodeRefunds(Array(refunds.utf8), currency: order.currency))
            }
            return SeenOrder(order: order, payload: stored.payload, refunds: stored.refunds, seenAt: stored.seenAt, source: .replay)
        } catch {
            return nil
        }
    }
}
