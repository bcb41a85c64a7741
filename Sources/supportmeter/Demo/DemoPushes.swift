import Curl
import DemoShop
import Logging

/// Carries the shop's webhooks to the daemon, as WooCommerce would: once, and nobody minds if it fails.
struct DemoPushes: Sendable {
    private let client: HTTPClient
    private let url: String
    private let logger: Logger

    init(address: String, logger: Logger) {
        client = HTTPClient(userAgent: "WooCommerce/11.0.1 Hookshot (WordPress/7.0.4)", logger: logger)
        url = address + "/webhooks/woocommerce/" + DemoSetup.slug
        self.logger = logger
    }

    var push: ShopWebhooks.Push {
        { [client, url, logger] headers, body in
            let mayBeSet = headers.filter { !["host", "content-length", "accept-encoding", "connection", "user-agent"].contains($0.0.lowercased()) }
            do {
                _ = try await client.send(HTTPRequest(method: .post, url: url, headers: mayBeSet.map { (name: $0.0, value: $0.1) }, body: body))
            } catch {
                logger.debug("a webhook of the demo shop was not delivered", metadata: ["error": "\(error)"])
            }
        }
    }
}
