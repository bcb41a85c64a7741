import Foundation
import Logging
import Synchronization

@testable import DemoShop

/// A shop with a clock that tests set, asked without a network as if over https with the right key.
struct TestShop {
    let shop: DemoShop
    let site: ShopSite
    let clock: TestClock

    var orders: ShopBook { shop.orders }

    init(_ change: (inout DemoShopConfiguration) -> Void = { _ in }) throws {
        let clock = TestClock()
        var configuration = DemoShopConfiguration()
        configuration.siteURL = "https://127.0.0.1:8443"
        configuration.clock = { clock.now }
        change(&configuration)
        shop = try DemoShop(configuration: configuration, logger: Logger(label: "test"))
        site = ShopSite(
            book: shop.orders, doorkeeper: Doorkeeper(configuration: configuration), olderVersion: configuration.olderVersion)
        self.clock = clock
    }

    func get(_ target: String) -> ShopReply {
        let key = Data("\(shop.configuration.consumerKey):\(shop.configuration.consumerSecret)".utf8).base64EncodedString()
        return site.answer(
            ShopRequest(method: "GET", target: target, authorization: "Basic " + key, scheme: "https", host: "127.0.0.1:8443"))
    }

    /// The ids in a list.
    func ids(_ query: String) throws -> [Int] {
        try JSONReader.value(get("/wp-json/wc/v3/orders" + query).body).items.compactMap { $0["id"]?.whole }
    }

    func order(_ id: Int) throws -> JSONValue {
        try JSONReader.value(orders.document(of: id) ?? [])
    }

    func modified(_ id: Int) throws -> String? { try order(id)["date_modified_gmt"]?.text }
}

/// Stands at 2026-11-22T01:49:00Z until it is moved.
final class TestClock: Sendable {
    private let seconds = Mutex(1_795_312_140)

    var now: Date { Date(timeIntervalSince1970: Double(seconds.withLock { $0 })) }
    func advance(_ by: Int) { seconds.withLock { $0 += by } }
    func set(_ to: Int) { seconds.withLock { $0 = to } }
}

extension ShopReply {
    func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }
    var text: String { String(decoding: body, as: UTF8.self) }
}
