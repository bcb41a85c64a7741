import Domain
import FoundationEssentials
import Store

/// Turns deliveries into sights of orders. `order.deleted` counts as status `trash` at its `received_at`; a deletion of an order that
/// was never seen waits among the rejects until a document comes, so that the path makes no difference (P2).
struct DeliveryIntake: Sendable {
    static let deletedTopic = "order.deleted"

    let store: Store
    let shop: Shop

    /// The page that the deliveries make; the caller adds its moves.
    func page(_ deliveries: [Delivery], replaying: OrderSource? = nil) async throws -> FeedPage {
        var page = FeedPage()
        var deletions: [(order: OrderID, delivery: Delivery)] = []
        for delivery in deliveries {
            if !delivery.topic.hasPrefix("order.") {
                page.ignored += 1
            } else if delivery.topic == DeliveryIntake.deletedTopic, let order = DocumentGlimpse.order(delivery.body) {
                deletions.append((order, delivery))
            } else {
                page.add(read(delivery, replaying: replaying))
            }
        }
        let documents = page.orders.map(\.order.id)
        for reject in try await store.waitingDeletions(documents, shop: shop.id) {
            guard let delivery = waiting(reject), let order = reject.order else { continue }
            deletions.append((order, delivery))
        }
        try await add(deletions, to: &page, replaying: replaying)
        return page
    }

    private func read(_ delivery: Delivery, replaying: OrderSource?) -> Sight {
        do throws(OrderDocumentError) {
            let order = try WooOrderDocument.decode(delivery.body)
            return .seen(
                SeenOrder(order, raw: delivery.body, refunds: nil, seenAt: delivery.receivedAt, source: replaying ?? delivery.source))
        } catch {
            return .rejected(reject(delivery, error))
        }
    }

    /// The shop's own error document is understood: the order was gone before the delivery. It is listed, and closed.
    private func reject(_ delivery: Delivery, _ error: OrderDocumentError) -> RejectedDocument {
        var reason = error.description
        var isSettled = false
        if case .shopError(let code, _) = error {
            reason = "the shop answered \(code): the order was gone before the webhook was sent"
            isSettled = true
        }
        return RejectedDocument(
            source: delivery.source, order: DocumentGlimpse.order(delivery.body), topic: RawText.storable(delivery.topic), reason: reason,
            raw: delivery.kept, receivedAt: delivery.receivedAt, isSettled: isSettled)
    }

    /// A kept deletion, its signature checked when it came.
    private func waiting(_ reject: Reject) -> Delivery? {
        let raw = Array(reject.raw.utf8)
        let body = (try? JSONDecoder().decode(RelayElement.self, from: Data(raw))).map { Array($0.body.utf8) } ?? raw
        return Delivery(
            topic: DeliveryIntake.deletedTopic, receivedAt: reject.receivedAt, body: body, source: reject.source, kept: raw, reject: reject.id)
    }

    private func add(_ deletions: [(order: OrderID, delivery: Delivery)], to page: inout FeedPage, replaying: OrderSource?) async throws {
        guard !deletions.isEmpty else { return }
        let stored = try await store.storedDocuments(deletions.map(\.order), shop: shop.id)
        for (order, delivery) in deletions {
            let source = replaying ?? delivery.source
            let inPage = page.orders.last { $0.order.id == order }
            if let seen = inPage.map({ TrashedOrder.of($0, at: delivery.receivedAt, source: source) })
                ?? stored[order].map({ TrashedOrder.of($0, at: delivery.receivedAt, source: source, shop: shop) })
            {
                page.orders.append(seen)
                if let reject = delivery.reject { page.resolved.append(reject) }
            } else if delivery.reject == nil {
                page.rejected.append(
                    RejectedDocument(
                        source: delivery.source, order: order, topic: DeliveryIntake.deletedTopic,
                        reason: "deleted, but never seen: it counts once a document of the order comes", raw: delivery.kept,
                        receivedAt: delivery.receivedAt))
            }
        }
    }
}
