import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// What an order's money means for the ledger, as rows of it.
@Suite struct ValueTests {
    private struct Row: Equatable {
        let channel: String
        /// sold, refunded, recognised, deferred
        let figures: [Int64]
    }

    private func rows(_ shop: TestShop) async throws -> [Row] {
        try await shop.store.pool.read { connection in
            try connection.query(
                "SELECT channel, ARRAY[sold, refunded, recognised, deferred] FROM revaluation WHERE shop_id = \(shop.id)::bigint ORDER BY revaluation_id"
            ) { Row(channel: try $0.next(), figures: try $0.next()) }
        }
    }

    private func order(_ shop: TestShop, refunded: Int64? = nil, minute: Int = 0, total: Int64 = 4900) -> ShopOrder {
        var order = TestShop.order(id: 53, at: shop.clock.now)
        order.lines[0].total = Money(minorUnits: total, currency: order.currency)
        if let refunded {
            let back = Money(minorUnits: refunded, currency: order.currency)
            order.refunds = [OrderRefund(id: 1, amount: back, lines: [RefundLine(orderLineID: LineID(530), quantity: .zero, total: back)])]
        }
        return order
    }

    @Test("a refund by amount is a row that lowers what is unused, then revenue; deleted, it is given back; no entry changes")
    func byAmount() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            _ = try await shop.use(ticket, "email", 2)
            let before = try await shop.entries(ticket).map { "\($0)" }
            shop.clock.advance(seconds: 60)
            try await shop.take([order(shop, refunded: 1000)])
            #expect(try await rows(shop) == [
                Row(channel: "email", figures: [0, 231, 0, -231]), Row(channel: "sms", figures: [0, 128, 0, -128]),
                Row(channel: "video", figures: [0, 641, 0, -641]),
            ])
            shop.clock.advance(seconds: 60)
            try await shop.take([order(shop, refunded: 4500)])
            #expect(try await rows(shop).reduce(0) { $0 + $1.figures[2] } == -253)
            shop.clock.advance(seconds: 60)
            try await shop.take([order(shop)])
            let sums = try await rows(shop).reduce(into: [Int64](repeating: 0, count: 4)) { sums, row in for i in 0..<4 { sums[i] += row.figures[i] } }
            #expect(sums == [0, 0, 0, 0])
            #expect(try await shop.entries(ticket).map { "\($0)" } == before)
            #expect(try await test.store.verify().problem == nil)
        }
    }

    @Test("an edited price is sold anew for the difference; the next credits carry it")
    func edited() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(productID: 13)
            _ = try await shop.use(ticket, "video", 1)
            shop.clock.advance(seconds: 60)
            var edited = TestShop.order(id: 53, productID: 13, at: shop.clock.now)
            edited.lines[0].total = Money(minorUnits: 6900, currency: edited.currency)
            try await shop.take([edited])
            #expect(try await rows(shop) == [Row(channel: "video", figures: [2000, 0, 0, 2000])])
            _ = try await shop.use(ticket, "video", 1)
            _ = try await shop.use(ticket, "video", 1)
            let values = try await shop.entries(ticket, .usage).sorted { $0.id < $1.id }.flatMap { $0.slices.map(\.value) }
            #expect(values == [1633, 2633, 2634])
            #expect(try await test.store.verify().problem == nil)
        }
    }

    @Test("minor units are the currency's own: yen have none, dinars three", arguments: [("JPY", "4900.40", 4900), ("KWD", "39.9005", 39901)])
    func exponents(code: String, text: String, minor: Int64) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let currency = try #require(Currency(code))
            var order = TestShop.order(id: 53, at: shop.clock.now)
            order.currency = currency
            order.total = try #require(Money.parse(text, currency: currency))
            order.lines[0].total = order.total
            try await shop.take([order])
            let ticket = try #require(try await shop.store.tickets(TicketFilter(), in: shop.id).items.first).number
            for channel in ["email", "sms"] { for _ in 0..<5 { _ = try await shop.use(ticket, channel) } }
            _ = try await shop.use(ticket, "video")
            let slices = try await shop.entries(ticket, .usage).flatMap(\.slices)
            #expect(slices.reduce(0) { $0 + $1.value } == minor && slices.allSatisfy { $0.currency == code })
            #expect(try await test.store.verify().problem == nil)
        }
    }

    @Test("goodwill and what is owed have no value; what a transfer moves keeps its own")
    func worthless() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let (ticket, other) = (try await shop.ticket(), try await shop.ticket(order: 54))
            _ = try await shop.adjust(ticket, 3)
            _ = try await shop.transfer(2, from: ticket, to: other)
            _ = try await shop.use(other, "email", 7)
            _ = try await shop.use(ticket, "email", 6)
            let values = try await shop.entries(ticket, .usage).flatMap { $0.slices.map(\.value) } + shop.entries(other, .usage).flatMap { $0.slices.map(\.value) }
            #expect(values.reduce(0, +) == 2 * 1633)
            #expect(try await test.store.verify().problem == nil)
        }
    }

    @Test("an order that came to be of another currency keeps its books, and is listed")
    func otherCurrency() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            _ = try await shop.ticket()
            shop.clock.advance(seconds: 60)
            var order = TestShop.order(id: 53, at: shop.clock.now)
            order.currency = try #require(Currency("USD"))
            order.total = Money(minorUnits: 99, currency: order.currency)
            order.lines[0].total = order.total
            try await shop.take([order])
            #expect(try await rows(shop).isEmpty)
            let flags = try await shop.store.pool.read { try $0.queryOne("SELECT flags FROM shop_order WHERE order_id = 53") { try $0.next([String].self) } }
            #expect(flags == ["currency-changed"])
            #expect(try await test.store.verify().problem == nil)
        }
    }
}
