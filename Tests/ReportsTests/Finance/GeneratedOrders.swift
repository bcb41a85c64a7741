import Domain
import Foundation
import Store
import TestSupport

/// The shop's side of a generated year: what it sells and what it changes afterwards.
struct GeneratedOrders {
    private static let products: [Int64] = [11, 11, 12, 13]

    private(set) var orders: [ShopOrder] = []
    /// What happened, by name.
    private(set) var done: [String: Int] = [:]
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// A new order: of one line or two, in any of the currencies, every fourth line at a discount.
    mutating func sale(at instant: Date) -> ShopOrder {
        let id = Int64(orders.count + 1)
        var order = TestShop.order(id: id, quantity: random.upTo(3), email: "customer-\(random.upTo(max(2, id / 3)))@example.test", at: instant)
        order.currency = GeneratedYear.currencies.compactMap { Currency($0) }[Int(random.upTo(4)) - 1]
        if random.oneIn(6), var second = order.lines.first {
            second.id = LineID(id * 10 + 1)
            order.lines.append(second)
        }
        for place in order.lines.indices {
            order.lines[place].productID = Self.products[Int(random.upTo(4)) - 1]
            if random.oneIn(5) { (order.lines[place].productID, order.lines[place].variationID) = (15, 19) }
            let list = order.lines[place].total.minorUnits
            order.lines[place].total = Money(minorUnits: random.oneIn(4) ? random.upTo(20_000) : list, currency: order.currency)
            order.lines[place].totalTax = .zero(order.currency)
        }
        order.total = Self.gross(order.lines.reduce(0) { $0 + $1.total.minorUnits }, order.currency)
        if random.oneIn(20) { (order.status, order.paidAt) = ("on-hold", nil) }
        orders.append(order)
        done["sold \(order.currency)", default: 0] += 1
        return order
    }

    /// Changes of so many orders, each at most once; some are replays of what was seen before.
    mutating func changes(_ count: Int, at now: Date) -> [ShopOrder] {
        guard !orders.isEmpty else { return [] }
        let newest = max(50, orders.count / 4)
        let places = Set((0..<count).map { _ in max(0, orders.count - Int(random.upTo(Int64(random.oneIn(3) ? orders.count : newest)))) })
        return places.sorted().map { place in
            let before = orders[place]
            guard !random.oneIn(10) else { return told("replay", before) }
            var order = before
            change(&order)
            // Seen up to an hour after it was changed, and never before its last version.
            order.modifiedAt = Timestamp.rounded(max(before.modifiedAt.addingTimeInterval(0.001), now.addingTimeInterval(-Double(random.upTo(3_600)))))
            if order.modifiedAt > now { order.modifiedAt = now }
            orders[place] = order
            return order
        }
    }

    private mutating func change(_ order: inout ShopOrder) {
        switch random.upTo(12) {
        case 1, 2: refund(&order, byQuantity: true)
        case 3, 4: refund(&order, byQuantity: false)
        case 5, 6: refundAmount(&order)
        case 7: deleteRefund(&order)
        case 8: refundWhole(&order)
        case 9, 10: turn(&order)
        case 11:
            order.lines[0].total = Money(minorUnits: random.upTo(20_000), currency: order.currency)
            order.total = Self.gross(order.lines.reduce(0) { $0 + $1.total.minorUnits }, order.currency)
            note("total edited")
        default:
            order.lines[0].quantity = Quantity(random.upTo(4)) ?? order.lines[0].quantity
            note("quantity edited")
        }
    }

    private mutating func refund(_ order: inout ShopOrder, byQuantity: Bool) {
        guard let line = order.lines.randomElement(using: &random) else { return }
        let net = min(random.upTo(max(1, line.total.minorUnits * 2 / 3)), left(of: order) * 100 / 122)
        let part = RefundLine(
            orderLineID: line.id, quantity: byQuantity ? Quantity(1) ?? .zero : .zero, total: Money(minorUnits: net, currency: order.currency))
        note(byQuantity ? "refund by quantity" : "refund by amount of a line")
        add([part], Self.gross(net, order.currency), to: &order)
    }

    private mutating func refundAmount(_ order: inout ShopOrder) {
        note("refund by amount alone")
        add([], Money(minorUnits: min(left(of: order), random.upTo(max(1, order.total.minorUnits / 2))), currency: order.currency), to: &order)
    }

    private mutating func refundWhole(_ order: inout ShopOrder) {
        note("refund of the whole")
        let parts = order.lines.map { RefundLine(orderLineID: $0.id, quantity: $0.quantity, total: $0.total) }
        add(random.oneIn(2) && order.refunds.isEmpty ? parts : [], Money(minorUnits: left(of: order), currency: order.currency), to: &order)
        if random.oneIn(2) { order.status = "refunded" }
    }

    private mutating func deleteRefund(_ order: inout ShopOrder) {
        guard let index = order.refunds.indices.randomElement(using: &random) else { return }
        order.refunds.remove(at: index)
        if order.status == "refunded" { order.status = "processing" }
        note("refund deleted")
    }

    private mutating func turn(_ order: inout ShopOrder) {
        switch order.status {
        case "processing" where random.oneIn(2): order.status = "completed"
        case "processing", "completed": order.status = "cancelled"
        default: order.status = "processing"
        }
        if order.status == "processing", order.paidAt == nil { order.paidAt = order.createdAt }
        note(order.status)
    }

    private mutating func add(_ parts: [RefundLine], _ amount: Money, to order: inout ShopOrder) {
        if !order.refunds.isEmpty { note("refund again") }
        let id = (order.refunds.map(\.id).max() ?? 0) + 1
        order.refunds.append(OrderRefund(id: id, amount: amount, lines: parts))
    }

    /// What of an order's total was not refunded yet, in minor units.
    private func left(of order: ShopOrder) -> Int64 { max(0, order.total.minorUnits - order.refunds.reduce(0) { $0 + $1.amount.minorUnits }) }

    private mutating func told(_ what: String, _ order: ShopOrder) -> ShopOrder {
        note(what)
        return order
    }

    private mutating func note(_ what: String) { done[what, default: 0] += 1 }
    private static func gross(_ net: Int64, _ currency: Currency) -> Money { Money(minorUnits: net * 122 / 100, currency: currency) }
}
