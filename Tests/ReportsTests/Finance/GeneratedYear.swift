import Domain
import Foundation
import Store
import TestSupport

/// A year of a shop's life, made from a seed: orders in four currencies with discounts, refunds of every recorded kind and their deletion, edits,
/// cancellations, usages, holds, reversals, goodwill, transfers, pooling, and everything that expires meanwhile.
struct GeneratedYear {
    static let currencies = ["EUR", "USD", "JPY", "KWD"]
    /// Orders of a year; `SUPPORTMETER_YEAR_ORDERS` makes it larger.
    static let ordersDefault = 60

    let shop: TestShop
    private var random: YearRandom
    private var orders: [OrderID: ShopOrder] = [:]
    private var usages: [EntryID] = []
    private var holds: [HoldID] = []
    private(set) var firstInstant: Date

    init(_ shop: TestShop, seed: UInt64) {
        (self.shop, random) = (shop, YearRandom(seed: seed))
        firstInstant = shop.clock.now
    }

    static var ordersAsked: Int { ProcessInfo.processInfo.environment["SUPPORTMETER_YEAR_ORDERS"].flatMap { Int($0) } ?? ordersDefault }

    /// Several things happen for each order; a year goes by over them.
    mutating func live(orders count: Int) async throws {
        let pause = 365.0 * 86_400 / Double(count * 8)
        for number in 0..<count * 8 {
            shop.clock.advance(seconds: pause * Double(random.upTo(200)) / 100)
            if number % 8 == 0 { try await sell() } else { try await happen() }
        }
    }

    private mutating func sell() async throws {
        let id = Int64(orders.count + 1)
        var order = TestShop.order(
            id: id, quantity: random.upTo(3), productID: [11, 11, 12, 13][Int(random.upTo(4)) - 1], email: "customer-\(random.upTo(max(2, id / 3)))@example.test",
            at: shop.clock.now)
        guard let currency = Currency(GeneratedYear.currencies[Int(random.upTo(4)) - 1]) else { return }
        if random.oneIn(5) { order.lines[0].productID = 15; order.lines[0].variationID = 19 }
        order.currency = currency
        let total = random.oneIn(4) ? random.upTo(20_000) : order.lines[0].total.minorUnits
        order.lines[0].total = Money(minorUnits: total, currency: currency)
        order.total = Money(minorUnits: total * 122 / 100, currency: currency)
        try await see(order)
    }

    private mutating func happen() async throws {
        switch random.upTo(14) {
        case 1, 2: try await refund()
        case 3: try await edit()
        case 4: try await hold()
        case 5: if let hold = holds.popLast() { _ = try await shop.store.capture(hold: hold, quantity: random.upTo(2), in: shop.id, key: .fresh(), by: .commandLine) }
        case 6: if let usage = usages.randomElement(using: &random) { _ = try await shop.store.reverse(usage: usage, quantity: 1, reason: "other", note: "n", in: shop.id, key: .fresh(), by: .commandLine) }
        case 7: try await correct()
        default: try await use()
        }
    }

    private mutating func refund() async throws {
        guard var order = orders.values.sorted(by: { $0.id < $1.id }).randomElement(using: &random) else { return }
        let line = order.lines[0]
        if !order.refunds.isEmpty, random.oneIn(3) {
            order.refunds.removeLast()
        } else {
            let amount = random.upTo(max(1, line.total.minorUnits * 2 / 3))
            let quantity = random.oneIn(2) ? 1 : Int64(0)
            let net = Money(minorUnits: amount, currency: order.currency)
            let gross = Money(minorUnits: amount * 122 / 100, currency: order.currency)
            let parts = random.oneIn(3) ? [] : [RefundLine(orderLineID: line.id, quantity: Quantity(quantity) ?? .zero, total: net)]
            order.refunds.append(OrderRefund(id: Int64(order.refunds.count), amount: gross, lines: parts))
        }
        try await see(order)
    }

    private mutating func edit() async throws {
        guard var order = orders.values.sorted(by: { $0.id < $1.id }).randomElement(using: &random) else { return }
        switch random.upTo(4) {
        case 1: order.status = order.status == "processing" ? "cancelled" : "processing"
        case 2: order.lines[0].total = Money(minorUnits: random.upTo(20_000), currency: order.currency)
        case 3: order.lines[0].quantity = Quantity(random.upTo(4)) ?? order.lines[0].quantity
        default: order.status = "completed"
        }
        try await see(order)
    }

    private mutating func see(_ order: ShopOrder) async throws {
        var order = order
        order.modifiedAt = shop.clock.now
        orders[order.id] = order
        try await shop.take([order])
    }

    private mutating func use() async throws {
        guard let (ticket, channel) = try await somewhere() else { return }
        let answer = try await shop.spend(ticket, channel.rawValue, random.upTo(3))
        if let entry = try? answer.entryID() { usages.append(entry) }
    }

    private mutating func hold() async throws {
        guard let (ticket, channel) = try await somewhere() else { return }
        let answer = try await shop.store.placeHold(
            ticket: ticket, channel: channel.rawValue, quantity: 2, expiresInSeconds: 86_400, in: shop.id, key: .fresh(), by: .commandLine)
        if let hold = try? answer.holdID() { holds.append(hold) }
    }

    private mutating func correct() async throws {
        guard let (ticket, channel) = try await somewhere(), let (other, _) = try await somewhere() else { return }
        switch random.upTo(3) {
        case 1: _ = try await shop.store.adjust(ticket: ticket, channel: channel.rawValue, quantity: 2, reason: "goodwill", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
        case 2: _ = try await shop.store.adjust(ticket: ticket, channel: channel.rawValue, quantity: -1, reason: "correction", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
        default:
            _ = try await shop.store.transfer(
                from: ticket, to: other, channel: channel.rawValue, quantity: 1, reason: "other", note: "n", in: shop.id, key: .fresh(), by: .commandLine)
        }
    }

    private mutating func somewhere() async throws -> (TicketID, Channel)? {
        let tickets = try await shop.store.tickets(TicketFilter(), in: shop.id).items.map(\.number)
        guard let ticket = tickets.randomElement(using: &random) else { return nil }
        return (ticket, [.email, .email, .sms, .video].randomElement(using: &random) ?? .email)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct YearRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func upTo(_ most: Int64) -> Int64 { Int64.random(in: 1...max(most, 1), using: &self) }
    mutating func oneIn(_ times: Int) -> Bool { Int.random(in: 0..<times, using: &self) == 0 }
}
