import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// Looks at every stored order once more, as the version that it is: lines that matched nothing are tried against the plans as they are
    /// now. What happens after every plan import, at once and whoever reads the shop: versions decide, so it needs no lease. A stored
    /// document that cannot be read any more is left as it is.
    @discardableResult
    public func rematch(_ shop: Shop) async throws -> IntakeFigures {
        var figures = IntakeFigures()
        var after = OrderID(0)
        while true {
            try Task.checkCancellation()
            let stored = try await store.documentBatch(shop.id, after: after)
            guard let last = stored.last else { return figures }
            figures += try await store.takeIn(stored.compactMap(RematchPass.sight), shop: shop)
            after = last.order
        }
    }
}
