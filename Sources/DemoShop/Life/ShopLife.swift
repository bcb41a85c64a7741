import Logging
import ServiceLifecycle

/// Keeps a shop alive: every couple of seconds somebody buys, pays, gets money back, cancels or comes back, and webhooks tell of it.
public struct ShopLife: Service {
    /// Orders there are from the first moment on.
    public var openingOrders = 6
    /// Between two happenings; each pause is drawn from half of it to one and a half.
    public var pause = Duration.seconds(2)
    public var seed: UInt64

    private let shop: DemoShop
    private let webhooks: ShopWebhooks?
    private let logger: Logger

    /// Without `push` no webhook is sent, and a poller finds everything by itself.
    public init(shop: DemoShop, logger: Logger, push: ShopWebhooks.Push? = nil) {
        self.shop = shop
        self.logger = logger
        seed = shop.configuration.seed
        webhooks = push.map { ShopWebhooks(shop: shop, push: $0) }
    }

    /// Lives until shutdown. A shop that is full, or cannot do what it meant to, says so and goes on with the next thing.
    public func run() async throws {
        var script = ShopScript(book: shop.orders, seed: seed)
        var random = SeededRandom(seed: seed &+ 1)
        await webhooks?.ping()
        for _ in 0..<openingOrders { step(&script) }
        await webhooks?.deliverDue()
        while await rest(pause * Double.random(in: 0.5...1.5, using: &random)) {
            step(&script)
            await webhooks?.deliverDue()
        }
    }

    private func step(_ script: inout ShopScript) {
        do {
            let happening = try script.step()
            logger.debug("demo shop", metadata: ["happening": "\(happening)"])
        } catch {
            logger.info("the demo shop could not go on as it meant to", metadata: ["error": "\(error)"])
        }
    }

    /// False when the shop closes.
    private func rest(_ pause: Duration) async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            return !Task.isCancelled && !Task.isShuttingDownGracefully
        } catch {
            return false
        }
    }
}
