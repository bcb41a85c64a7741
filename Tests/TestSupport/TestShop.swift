import Domain
import Foundation
import Postgres
import Store

/// A shop `demo` with the plans of the recorded shop, and short ways to say what tests do.
public struct TestShop: Sendable {
    public let test: TestStore
    public let id: ShopID
    public var store: Store { test.store }
    public var clock: TestClock { test.clock }

    public static let startPlan = Plan(
        id: PlanID(0), shop: ShopID(0), name: "Podpora START", match: PlanMatch(skus: ["SUP-START"], productIDs: [11]),
        credits: counts([.email: 5, .sms: 5, .video: 1]), prices: [.email: 300, .sms: 100, .video: 2500], validDays: 90,
        low: .byChannel([.email: .count(2)]), topUpURL: "https://shop.example/product/podpora-start")
    public static let proPlan = Plan(
        id: PlanID(0), shop: ShopID(0), name: "Podpora PRO", match: PlanMatch(skus: ["SUP-PRO"], productIDs: [12]),
        credits: counts([.email: 20, .sms: 20, .video: 4]), validDays: 365, priority: .high)
    public static let videoPlan = Plan(
        id: PlanID(0), shop: ShopID(0), name: "Video", match: PlanMatch(skus: ["SUP-VIDEO"], productIDs: [13]),
        credits: counts([.video: 3]), validDays: 180, overdraft: 2)
    public static let flexPlan = Plan(
        id: PlanID(0), shop: ShopID(0), name: "Podpora FLEX", match: PlanMatch(variationIDs: [19, 20, 21]),
        credits: counts([.email: 10]), ticketRule: .topUp)

    public static func counts(_ credits: [Channel: Int64]) -> [Channel: CreditCount] { credits.compactMapValues { CreditCount($0) } }

    /// Adds the shop to the store's database.
    public static func add(
        to test: TestStore, slug: String = "demo", plans: [Plan] = [startPlan, proPlan, videoPlan, flexPlan], pooling: Bool = false
    ) async throws -> TestShop {
        let id = try await test.database.pool.transaction { connection in
            let id = try connection.queryOne(
                """
                INSERT INTO shop (slug, name, currency, time_zone, feed_kind, url, webhook_secret, pooling, created_at)
                VALUES (\(slug), 'Demo', 'EUR', 'Europe/Ljubljana', 'rest', 'http://127.0.0.1:9', 'supportmeter-hook-secret',
                        \(pooling)::boolean, now())
                RETURNING shop_id
                """
            ) { try $0.next(Int64.self) } ?? 0
            try connection.execute("INSERT INTO actor (shop_id, kind, label) VALUES (\(id)::bigint, 'system', 'supportmeter')")
            try connection.execute("INSERT INTO feed (shop_id, imported_at) VALUES (\(id)::bigint, now())")
            try connection.execute(
                "INSERT INTO channel SELECT \(id)::bigint, c, now() FROM unnest(ARRAY['email', 'sms', 'video']) AS c")
            for (index, plan) in plans.enumerated() {
                var plan = plan
                plan.id = PlanID(Int64(index + 1) + id * 100)
                plan.shop = ShopID(id)
                let document = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
                try connection.execute(
                    "INSERT INTO plan VALUES (\(id)::bigint, \(plan.id.rawValue)::bigint, \(plan.name), 1, NULL, now())")
                try connection.execute(
                    "INSERT INTO plan_version VALUES (\(id)::bigint, \(plan.id.rawValue)::bigint, 1, \(document)::jsonb, now())")
            }
            return ShopID(id)
        }
        return TestShop(test: test, id: id)
    }

    /// The shop as the store sees it.
    public func shop() async throws -> Shop {
        guard let shop = try await store.allShops().first(where: { $0.id == id }) else { throw CocoaError(.fileNoSuchFile) }
        return shop
    }

    /// Takes sights of orders in, as the feed does.
    @discardableResult
    public func take(_ orders: [ShopOrder], seenAt: Date? = nil) async throws -> IntakeFigures {
        let seen = orders.map {
            SeenOrder(order: $0, payload: "\($0)", refunds: nil, seenAt: seenAt ?? clock.now, source: .poll)
        }
        return try await store.takeIn(seen, shop: try await shop())
    }

    /// A paid order of so many START packages, and the ticket it opens.
    public func ticket(order: Int64 = 53, quantity: Int64 = 1, productID: Int64 = 11, email: String = "ana@example.test") async throws -> TicketID {
        try await take([Self.order(id: order, quantity: quantity, productID: productID, email: email, at: clock.now)])
        let tickets = try await store.tickets(TicketFilter(order: OrderID(order)), in: id)
        guard let ticket = tickets.items.first else { throw CocoaError(.fileNoSuchFile) }
        return ticket.number
    }

    /// An order of one line, paid unless said otherwise.
    public static func order(
        id: Int64, status: String = "processing", quantity: Int64 = 1, productID: Int64 = 11, email: String = "ana@example.test", at: Date
    ) -> ShopOrder {
        let eur = Currency("EUR") ?? Currency(rawValue: "EUR")
        guard let eur else { preconditionFailure("EUR is a currency") }
        let line = OrderLine(
            id: LineID(id * 10), productID: productID, variationID: 0, sku: nil, name: "Podpora", quantity: Quantity(quantity) ?? .zero,
            total: Money(minorUnits: 4900 * quantity, currency: eur), totalTax: .zero(eur))
        return ShopOrder(
            id: OrderID(id), number: String(id), status: status, currency: eur, total: Money(minorUnits: 5978 * quantity, currency: eur),
            createdAt: at, modifiedAt: at, paidAt: at, email: email, billingName: "Ana", lines: [line])
    }

    /// Spends under a key.
    public func spend(
        _ ticket: TicketID, _ channel: String = "email", _ quantity: Int64 = 1, key: String = UUID().uuidString,
        by caller: Caller = .commandLine
    ) async throws -> Answer {
        guard let key = IdempotencyKey(key) else { throw CocoaError(.formatting) }
        return try await store.spend(Usage(ticket: ticket, channel: channel, quantity: quantity), in: id, key: key, by: caller)
    }

    public func counter(_ ticket: TicketID, _ channel: Channel = .email) async throws -> Counter? {
        try await store.ticket(ticket, in: id)?.counters[channel]
    }
}
