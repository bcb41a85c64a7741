import Crypto
import FoundationEssentials

/// Sends what is due in a shop as WooCommerce's webhooks do; how it travels is the caller's.
public struct ShopWebhooks: Sendable {
    /// Carries one delivery: the headers in order, without `Host` and `Content-Length`, and the raw body.
    public typealias Push = @Sendable (_ headers: [(String, String)], _ body: [UInt8]) async -> Void

    private static let userAgent = ("User-Agent", "WooCommerce/11.0.1 Hookshot (WordPress/7.0.4)")

    private let book: ShopBook
    private let secret: String
    private let push: Push

    public init(shop: DemoShop, push: @escaping Push) {
        book = shop.orders
        secret = shop.configuration.webhookSecret
        self.push = push
    }

    /// What a shop sends when a webhook is saved: a form, one for each topic, with no signature and no `X-WC` header.
    public func ping() async {
        for topic in HookTopic.allCases {
            let headers = [ShopWebhooks.userAgent, ("Content-Type", "application/x-www-form-urlencoded")]
            await push(headers, Array("webhook_id=\(topic.hookID)".utf8))
        }
    }

    /// Sends all that is due, oldest first, each with its order as it is now; answers how many.
    @discardableResult
    public func deliverDue() async -> Int {
        let due = book.takeDueHooks()
        for hook in due { await deliver(hook) }
        return due.count
    }

    /// Sends one delivery of that order now, due or not.
    public func deliver(_ hook: PendingHook) async {
        let body = body(hook)
        await push(headers(hook.topic, body), body)
    }

    /// A deleted order is its id alone; one that is gone is a signed error.
    private func body(_ hook: PendingHook) -> [UInt8] {
        if hook.topic == .deleted { return JSONWriter.bytes(.members(["id": .int(hook.order)])) }
        return book.document(of: hook.order) ?? JSONWriter.bytes(RestError.noOrder.document)
    }

    private func headers(_ topic: HookTopic, _ body: [UInt8]) -> [(String, String)] {
        [
            ShopWebhooks.userAgent, ("Content-Type", "application/json"), ("X-WC-Webhook-Source", book.settings.siteURL + "/"),
            ("X-WC-Webhook-Topic", "order.\(topic.rawValue)"), ("X-WC-Webhook-Resource", "order"),
            ("X-WC-Webhook-Event", topic.rawValue), ("X-WC-Webhook-Signature", ShopWebhooks.signature(body, secret: secret)),
            ("X-WC-Webhook-ID", String(topic.hookID)), ("X-WC-Webhook-Delivery-ID", deliveryID(topic)),
        ]
    }

    /// Base64 of the HMAC-SHA256 of the raw body.
    public static func signature(_ body: [UInt8], secret: String) -> String {
        let key = SymmetricKey(data: Data(secret.utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: Data(body), using: key)).base64EncodedString()
    }

    /// Made of the hook and the second, so deliveries of one second share it, as the shop's do.
    private func deliveryID(_ topic: HookTopic) -> String {
        let digest = SHA256.hash(data: Data("\(topic.hookID) \(book.settings.now)".utf8))
        return digest.prefix(16).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
