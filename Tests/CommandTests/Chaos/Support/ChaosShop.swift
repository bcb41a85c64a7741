@testable import DemoShop
import Domain
import Foundation
import OrderFeed
import ServiceLifecycle
import TestSupport

/// A shop that sells over real HTTP in this process, while daemons come and go.
struct ChaosShop: Sendable {
    let shop: DemoShop
    let address: String

    /// Serves for as long as the body runs.
    static func with<Result: Sendable>(seed: UInt64 = 1, _ body: @Sendable @escaping (ChaosShop) async throws -> Result) async throws -> Result {
        var configuration = DemoShopConfiguration()
        configuration.seed = seed
        let shop = try DemoShop(configuration: configuration, logger: TestServer.logger)
        let services = ServiceGroup(services: [shop], logger: TestServer.logger)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await body(ChaosShop(shop: shop, address: try await shop.address))) } catch { result = .failure(error) }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            return try result.get()
        }
    }

    /// Enough credits for everybody to spend.
    func stock(orders: Int = 12, quantity: Int = 20) throws {
        for number in 0..<orders {
            let person = ShopPerson.everyone[number % ShopPerson.everyone.count]
            try shop.orders.sell([CartLine("SUP-PRO", quantity: quantity), CartLine("MUG-1")], to: person)
        }
    }

    /// One thing that happens in a shop, of those that move a modification time: a poller must find each of them by itself.
    func live(_ random: inout SplitMix64) throws {
        let book = shop.orders
        let order = book.orderIDs.randomElement(using: &random) ?? 0
        let status = book.status(of: order) ?? ""
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<55: try sell(&random, status: "processing")
        case 55..<65: try sell(&random, status: "pending")
        case 65..<75 where ["pending", "on-hold", "cancelled"].contains(status): try book.pay(order)
        case 75..<82 where ["processing", "completed"].contains(status) && book.refunds(of: order).isEmpty:
            guard let line = book.lines(of: order).randomElement(using: &random) else { return }
            try book.refund(order, .lines([.init(line: line, quantity: 1)]))
        case 82..<88 where status == "processing": try book.setStatus(order, "cancelled")
        case 88..<93 where status == "processing": try book.setStatus(order, "completed")
        case 93..<97 where status == "cancelled": try book.trash(order)
        case 97..<100 where status == "trash": try book.revive(order)
        default: try sell(&random, status: "completed")
        }
    }

    private func sell(_ random: inout SplitMix64, status: String) throws {
        let skus = ["SUP-START", "SUP-PRO", "SUP-VIDEO", "SUP-FLEX-10", "SUP-FLEX-50"]
        var cart = [CartLine(skus.randomElement(using: &random) ?? "SUP-START", quantity: Int.random(in: 1...3, using: &random))]
        if Bool.random(using: &random) { cart.append(CartLine("MUG-1")) }
        if Int.random(in: 0..<4, using: &random) == 0 { cart.append(CartLine(skus.randomElement(using: &random) ?? "SUP-START")) }
        try shop.orders.sell(cart, to: ShopPerson.everyone.randomElement(using: &random) ?? .guest, status: status)
    }

    /// Every order as the shop would tell it now, with its refunds, read as the feed reads them.
    func orders() throws -> [ShopOrder] {
        try shop.orders.orderIDs.map { id in
            guard let document = shop.orders.document(of: id) else { throw ChaosError("order \(id) is gone") }
            let order = try WooOrderDocument.decode(document)
            guard !order.refunds.isEmpty else { return order }
            let refunds = JSONWriter.bytes(.array(shop.orders.refundDocuments(of: id)))
            return order.knowing(refunds: try WooOrderDocument.decodeRefunds(refunds, currency: order.currency))
        }
    }
}
