import Domain
import FoundationEssentials
import Store

/// One pass over a `deliveries` shop: the relay's feed up to its end, then what was pushed.
struct DeliveriesPass: Sendable {
    let reading: ShopReading

    private var intake: DeliveryIntake { DeliveryIntake(store: reading.store, shop: reading.shop) }

    func run(state: FeedState) async throws {
        try await readRelay(cursor: state.cursorText)
        try await readPushed()
    }

    private func readRelay(cursor: String?) async throws {
        guard let secret = reading.shop.webhookSecret else {
            throw FeedFailure(.noWebhookSecret, "The shop \(reading.shop.slug) has no webhook secret, so no delivery can be trusted: set it with --webhook-secret-file.")
        }
        let relay = try RelayClient(shop: reading.shop, http: reading.http, clock: reading.store.clock)
        var cursor = cursor
        for _ in 0..<reading.configuration.deliveriesPagesMax {
            try Task.checkCancellation()
            let answer = try await relay.page(after: cursor, limit: reading.configuration.deliveriesPageSize)
            try await keep(answer, secret: secret)
            guard !answer.elements.isEmpty, let next = answer.next, next != cursor else { return }
            cursor = next
        }
    }

    /// A bad element is kept with its reason, and the cursor goes on: it costs the others nothing.
    private func keep(_ answer: RelayPage, secret: SecretText) async throws {
        let now = reading.store.clock()
        var deliveries: [Delivery] = []
        var rejected: [RejectedDocument] = []
        for raw in answer.elements {
            switch RelayElement.read(raw, secret: secret, now: now) {
            case .success(let delivery): deliveries.append(delivery)
            case .failure(let element):
                rejected.append(
                    RejectedDocument(
                        source: .delivery, topic: element.topic.map(RawText.storable), reason: element.reason, raw: raw,
                        receivedAt: element.receivedAt))
            }
        }
        var page = try await intake.page(deliveries)
        page.rejected += rejected
        if let next = answer.next { page.moves = [.text(next)] }
        try await reading.keep(page)
    }

    /// Pushed deliveries, whose signatures were checked when they came.
    func readPushed() async throws {
        while true {
            try Task.checkCancellation()
            let waiting = try await reading.store.waitingDeliveries(reading.shop.id)
            if waiting.isEmpty { return }
            var page = try await intake.page(
                waiting.map { push in
                    let body = Array(push.body.utf8)
                    return Delivery(topic: push.topic, receivedAt: push.receivedAt, body: body, source: .webhook, kept: body, number: push.number)
                })
            page.moves = [.deliveries(waiting.map(\.number))]
            try await reading.keep(page)
        }
    }
}
