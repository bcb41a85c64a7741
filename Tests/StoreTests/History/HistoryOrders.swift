import Domain
import Foundation
import TestSupport

/// Makes the documents of one history's orders, and edits them as shops do.
struct HistoryOrders {
    private(set) var documents: [OrderID: [(order: ShopOrder, serial: Int)]] = [:]
    private var serial = 0
    /// One order is not seen twice at one instant with two contents: nobody could say which is newer.
    private var seen: [OrderID: Date] = [:]
    private let first: Int64
    private let email: String
    private let currency: Currency

    init?(_ first: Int64, email: String) {
        guard let euro = Currency("EUR") else { return nil }
        (self.first, self.email, currency) = (first, email, euro)
    }

    /// A sight of an order: a new one, an edited one, the same again, or an older version that comes late.
    mutating func sight(at now: Date, _ random: inout SplitMix64) -> HistoryStep {
        guard documents.count < 4, documents.isEmpty || random.oneIn(3) else { return again(at: now, &random) }
        let id = OrderID(first + Int64(documents.count))
        // Some orders are seen long after they were paid: an import.
        let created = random.oneIn(3) ? now.addingTimeInterval(-Double(Int.random(in: 0...120, using: &random)) * 86_400) : now
        var order = ShopOrder(
            id: id, number: "\(id)", status: status(&random), currency: currency, total: .zero(currency), createdAt: created, modifiedAt: created,
            paidAt: random.oneIn(6) ? nil : created.addingTimeInterval(Double(Int.random(in: 0...3, using: &random)) * 3_600), email: email,
            billingName: "Ana")
        for _ in 0..<Int.random(in: 1...3, using: &random) { addLine(&order, &random) }
        return keep(priced(order), at: now)
    }

    private mutating func again(at now: Date, _ random: inout SplitMix64) -> HistoryStep {
        guard let known = random.pick(documents.keys.sorted()).flatMap({ documents[$0] }), let last = known.last else {
            return .close(TicketID(0))
        }
        let isFresh = seen[last.order.id] != now
        seen[last.order.id] = now
        switch isFresh ? Int.random(in: 0..<10, using: &random) : 0 {
        case 0: return .sight(last.order, serial: last.serial)
        case 1:
            let any = known.randomElement(using: &random) ?? last
            return .sight(any.order, serial: any.serial)
        default:
            var order = last.order
            for _ in 0...(random.oneIn(3) ? 1 : 0) { edit(&order, &random) }
            // Some changes move no modification time.
            if !random.oneIn(5) { order.modifiedAt = now.addingTimeInterval(random.oneIn(3) ? -60 : 0) }
            order.modifiedAt = max(order.modifiedAt, last.order.modifiedAt)
            return keep(priced(order), at: now)
        }
    }

    private mutating func keep(_ order: ShopOrder, at now: Date) -> HistoryStep {
        serial += 1
        seen[order.id] = now
        documents[order.id, default: []].append((order, serial))
        return .sight(order, serial: serial)
    }

    private func edit(_ order: inout ShopOrder, _ random: inout SplitMix64) {
        let line = order.lines.indices.randomElement(using: &random)
        switch Int.random(in: 0..<13, using: &random) {
        case 0, 1, 2: order.status = status(&random)
        case 3: if let line { set(&order.lines[line], quantity: Int64.random(in: 0...3, using: &random)) }
        case 4 where order.lines.count > 1: if let line { order.lines.remove(at: line) }
        case 5: addLine(&order, &random)
        case 6, 7: if let line { refund(&order, order.lines[line], random.upTo(2)) }
        case 8: refund(&order, amount: random.upTo(order.total.minorUnits + 1))
        case 9:
            if let line {
                let part = random.upTo(order.lines[line].total.minorUnits + 1)
                let given = RefundLine(orderLineID: order.lines[line].id, quantity: .zero, total: euro(part))
                order.refunds.append(OrderRefund(id: Int64(order.refunds.count), amount: euro(part * 122 / 100), lines: [given]))
            }
        case 10: if !order.refunds.isEmpty { order.refunds.removeLast() }
        case 11: order.refundLinesKnown = !random.oneIn(3)
        default: if let line { order.lines[line].total = euro(random.upTo(20_000)) }
        }
    }

    private func refund(_ order: inout ShopOrder, _ line: OrderLine, _ quantity: Int64) {
        guard let given = Quantity(quantity) else { return }
        let total = line.quantity > .zero ? line.total.minorUnits * given.millionths / line.quantity.millionths : 0
        order.refunds.append(
            OrderRefund(
                id: Int64(order.refunds.count), amount: euro(total * 122 / 100),
                lines: [RefundLine(orderLineID: line.id, quantity: given, total: euro(total))]))
    }

    private func refund(_ order: inout ShopOrder, amount: Int64) {
        order.refunds.append(OrderRefund(id: Int64(order.refunds.count), amount: euro(amount)))
    }

    private func addLine(_ order: inout ShopOrder, _ random: inout SplitMix64) {
        guard order.lines.count < 3, let product = random.pick(HistoryOrders.products) else { return }
        let used = order.lines.map(\.id.rawValue)
        let id = (1...9).map { order.id.rawValue * 10 + $0 }.first { !used.contains($0) } ?? 0
        var line = OrderLine(
            id: LineID(id), productID: product.id, variationID: product.variation, name: "Podpora", quantity: .zero, total: euro(product.price),
            totalTax: euro(0))
        set(&line, quantity: Int64.random(in: 0...3, using: &random))
        order.lines.append(line)
    }

    private func set(_ line: inout OrderLine, quantity: Int64) {
        let price = HistoryOrders.products.first { $0.id == line.productID }?.price ?? 0
        line.quantity = Quantity(quantity) ?? .zero
        line.total = euro(price * quantity)
    }

    private func priced(_ order: ShopOrder) -> ShopOrder {
        var order = order
        order.total = euro(order.lines.reduce(0) { $0 + $1.total.minorUnits } * 122 / 100)
        return order
    }

    private func status(_ random: inout SplitMix64) -> String {
        random.pick(["processing", "processing", "completed", "completed", "completed", "pending", "on-hold", "cancelled", "refunded", "odd"]) ?? "completed"
    }

    private func euro(_ cents: Int64) -> Money { Money(minorUnits: cents, currency: currency) }

    private static let products: [(id: Int64, variation: Int64, price: Int64)] = [(11, 0, 4_999), (11, 0, 4_999), (12, 0, 14_901), (13, 0, 7_900), (15, 19, 9_907), (99, 0, 100)]
}
