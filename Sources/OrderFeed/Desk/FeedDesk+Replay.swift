import Domain
import FoundationEssentials
import Store

extension FeedDesk {
    /// What became of one replayed reject.
    public enum Replay: Sendable, Hashable {
        case takenIn(IntakeFigures)
        /// Still not understood, and kept.
        case stillRejected(String)
    }

    /// Every open reject again. Figures: seen are the rejects tried, rejected those that stay.
    public func replayAll(_ shop: Shop) async throws -> IntakeFigures {
        var figures = IntakeFigures()
        var after: RejectID?
        while true {
            try Task.checkCancellation()
            let rejects = try await store.rejects(shop.id, after: after)
            guard let last = rejects.last else { return figures }
            for reject in rejects {
                figures.seen += 1
                switch try await replay(reject, shop) {
                case .takenIn(let done):
                    figures.changed += done.changed
                    figures.ignored += done.ignored
                case .stillRejected: figures.rejected += 1
                }
            }
            after = last.id
        }
    }

    /// One reject again, as the version that it was when it was seen; nil when there is none of that number.
    public func replay(_ id: RejectID, _ shop: Shop) async throws -> Replay? {
        guard let reject = try await store.reject(id, in: shop.id) else { return nil }
        return try await replay(reject, shop)
    }

    private func replay(_ reject: Reject, _ shop: Shop) async throws -> Replay {
        reject.topic == nil ? try await replayDocument(reject, shop) : try await replayDelivery(reject, shop)
    }

    /// A document that was read at the shop. Refunds that were never read are read by the feed, which is given a hint.
    private func replayDocument(_ reject: Reject, _ shop: Shop) async throws -> Replay {
        switch Result(catching: { () throws(OrderDocumentError) in try FeedDesk.document(reject) }) {
        case .success(let seen): return try await takeIn(seen, reject, shop)
        case .failure(let error): return .stillRejected(error.description)
        }
    }

    private static func document(_ reject: Reject) throws(OrderDocumentError) -> SeenOrder {
        let raw = Array(reject.raw.utf8)
        let refunds = reject.refunds.map { Array($0.utf8) }
        var order = try WooOrderDocument.decode(raw)
        if let refunds { order = order.knowing(refunds: try WooOrderDocument.decodeRefunds(refunds, currency: order.currency)) }
        return SeenOrder(order, raw: raw, refunds: refunds, seenAt: reject.receivedAt, source: .replay)
    }

    private func takeIn(_ seen: SeenOrder, _ reject: Reject, _ shop: Shop) async throws -> Replay {
        let figures = try await store.replay([seen], resolving: reject.id, shop: shop)
        if !seen.order.refundLinesKnown, shop.feedKind == .rest { try await store.hint(seen.order.id, reason: .replay, in: shop.id) }
        return .takenIn(figures)
    }

    private func replayDelivery(_ reject: Reject, _ shop: Shop) async throws -> Replay {
        let raw = Array(reject.raw.utf8)
        var delivery = Delivery(topic: reject.topic ?? "", receivedAt: reject.receivedAt, body: raw, source: reject.source, kept: raw)
        if reject.source == .delivery {
            guard let secret = shop.webhookSecret else { return .stillRejected("the shop has no webhook secret") }
            switch RelayElement.read(raw, secret: secret, now: reject.receivedAt) {
            case .success(let again): delivery = again
            case .failure(let element): return .stillRejected(element.reason)
            }
        }
        delivery.reject = reject.id
        let page = try await DeliveryIntake(store: store, shop: shop).page([delivery], replaying: .replay)
        if let rejected = page.rejected.first(where: { !$0.isSettled }) { return .stillRejected(rejected.reason) }
        guard !page.orders.isEmpty || !page.rejected.isEmpty || page.ignored > 0 else { return .stillRejected(reject.reason) }
        return .takenIn(try await store.replay(page.orders, resolving: reject.id, shop: shop))
    }
}
