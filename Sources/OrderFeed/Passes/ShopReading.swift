import Curl
import Domain
import FoundationEssentials
import Logging
import Store
import Synchronization

/// What a pass works with: one shop, its own HTTP client, and the lease it is made under.
struct ShopReading: Sendable {
    let store: Store
    let shop: Shop
    let owner: String
    let http: HTTPClient
    let configuration: FeedConfiguration
    /// What the pass has done so far; told even when it fails.
    let figures = FigureBox()

    func client() throws(FeedFailure) -> WooCommerceClient {
        try WooCommerceClient(shop: shop, http: http, clock: store.clock, nonce: configuration.nonce)
    }

    /// Writes a page and counts it.
    func keep(_ page: FeedPage) async throws {
        figures.add(try await store.keep(page, shop: shop, owner: owner))
    }

    /// A client of the shop's own, so that one that hangs holds up nobody else.
    static func http(_ shop: Shop, _ configuration: FeedConfiguration, logger: Logger) -> HTTPClient {
        HTTPClient(
            userAgent: configuration.userAgent, limits: configuration.limits, tls: TLSOptions(caFile: shop.caFile),
            connectionsMax: configuration.connectionsMax, waitersMax: 100, logger: logger)
    }
}

/// The figures of a pass under way.
final class FigureBox: Sendable {
    private let sum = Mutex(IntakeFigures())

    var current: IntakeFigures { sum.withLock { $0 } }
    func add(_ figures: IntakeFigures) { sum.withLock { $0 += figures } }
}
