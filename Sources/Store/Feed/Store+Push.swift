import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Bytes of a pushed body; an order of 120 lines has 110,000.
    public static let pushBodyBytesMax = 4 << 20

    /// Receives a pushed webhook: checks its signature, writes it down and wakes the feed, in one short transaction. Reads nothing of the
    /// shop. For a `rest` shop it is a hint to look; for a `deliveries` shop the body is the record.
    public func receivePush(_ slug: String, _ push: Push) async throws -> PushOutcome {
        guard push.body.count <= Store.pushBodyBytesMax else { return .tooLarge }
        guard let shop = try await knownShop(slug: slug), !shop.isRetired else { return .unknownShop }
        if push.isPing { return .ping }
        guard let secret = shop.webhookSecret else { return .noSecret }
        guard let signature = push.signature, WebhookSignature.isGood(signature, body: push.body, secret: secret) else { return .badSignature }

        let now = Timestamp.rounded(clock())
        let topic = push.topic ?? ""
        guard topic.hasPrefix("order.") else { return .ignored("not about an order: nothing to do") }
        switch PushedDocument(push.body) {
        case .error(let code):
            let reason = "the shop answered \(code): the order was gone before the webhook was sent"
            try await keepReject(push, topic: topic, reason: reason, isSettled: true, shop: shop.id, now: now)
            return .ignored(reason)
        case .unreadable:
            let reason = "a signed delivery that is not an order"
            try await keepReject(push, topic: topic, reason: reason, isSettled: false, shop: shop.id, now: now)
            return .rejected(reason)
        case .order(let order):
            try await keepDelivery(push, topic: topic, order: order, shop: shop, now: now)
            return .accepted
        }
    }

    /// From the cache where it may, so that a burst of pushes does not read the shops again and again.
    private func knownShop(slug: String) async throws -> Shop? {
        let now = clock()
        if let known = shops.shop(slug: slug, now: now) { return known }
        return try await shop(slug: slug)
    }

    private func keepReject(_ push: Push, topic: String, reason: String, isSettled: Bool, shop: ShopID, now: Date) async throws {
        let document = RejectedDocument(
            source: .webhook, topic: RawText.storable(topic), reason: reason, raw: push.body, receivedAt: now, isSettled: isSettled)
        try await pool.transaction { try RejectRows.keep(document, shop: shop, now: now, $0) }
    }

    private func keepDelivery(_ push: Push, topic: String, order: OrderID, shop: Shop, now: Date) async throws {
        let isHint = shop.feedKind == .rest
        let body = RawText.storable(push.body)
        try await pool.transaction { connection in
            try connection.execute(
                """
                INSERT INTO delivery (shop_id, topic, received_at, body, handled_at)
                VALUES (\(shop.id)::bigint, \(RawText.storable(topic)), \(now)::timestamptz, \(body), \(isHint ? now : nil)::timestamptz)
                """)
            if isHint { try HintRows.keep([order], reason: .webhook, shop: shop.id, now: now, connection) }
            try FeedNotice.wake(shop.id, connection)
        }
    }
}

/// As much of a signed body as the receiver must know.
enum PushedDocument {
    case order(OrderID)
    case error(code: String)
    case unreadable

    private struct Fields: Decodable {
        let id: Int64?
        let code: String?
    }

    init(_ body: [UInt8]) {
        guard let fields = try? JSONDecoder().decode(Fields.self, from: Data(body)) else {
            self = .unreadable
            return
        }
        if let id = fields.id, id > 0 {
            self = .order(OrderID(id))
        } else if let code = fields.code {
            self = .error(code: String(code.prefix(80)))
        } else {
            self = .unreadable
        }
    }
}
