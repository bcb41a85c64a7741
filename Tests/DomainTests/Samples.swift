import Domain
import Foundation

struct SampleMissing: Error {}

func unwrap<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw SampleMissing() }
    return value
}

/// `2026-03-01T09:00:00Z`
func instant(_ text: String) throws -> Date { try Date(text, strategy: .iso8601) }

func euro(_ cents: Int64) throws -> Money { Money(minorUnits: cents, currency: try unwrap(Currency("EUR"))) }

func count(_ value: Int64) throws -> CreditCount { try unwrap(CreditCount(value)) }

func startPlan(
    id: Int64 = 1, credits: [Channel: Int64] = [.email: 5, .sms: 5, .video: 1], prices: [Channel: Int64] = [:], validDays: Int? = nil,
    rule: TicketRule = .new, overdraft: Int64 = 0, match: PlanMatch = PlanMatch(skus: ["SUP-START"])
) throws -> Plan {
    Plan(
        id: PlanID(id), shop: ShopID(1), name: "Plan \(id)", match: match, credits: try credits.mapValues(count), prices: prices,
        validDays: validDays, ticketRule: rule, overdraft: overdraft)
}

func orderLine(_ id: Int64 = 1, quantity: String = "1", cents: Int64 = 4900, sku: String? = "SUP-START") throws -> OrderLine {
    OrderLine(
        id: LineID(id), productID: 11, sku: sku, quantity: try unwrap(Quantity(text: quantity)), total: try euro(cents),
        totalTax: try euro(0))
}

func order(
    _ id: Int64 = 1, status: String = "completed", lines: [OrderLine], total: Int64? = nil, refunds: [OrderRefund] = [], known: Bool = true,
    at: String = "2026-03-01T09:00:00Z"
) throws -> ShopOrder {
    let gross = try euro(total ?? lines.reduce(0) { $0 + $1.total.minorUnits })
    let day = try instant(at)
    return ShopOrder(
        id: OrderID(id), number: "\(id)", status: status, currency: gross.currency, total: gross, createdAt: day, modifiedAt: day,
        paidAt: day,
        lines: lines, refunds: refunds, refundLinesKnown: known)
}

func refund(_ cents: Int64, line: Int64? = nil, quantity: String = "0", net: Int64 = 0) throws -> OrderRefund {
    let lines = try line.map {
        [RefundLine(orderLineID: LineID($0), quantity: try unwrap(Quantity(text: quantity)), total: try euro(net))]
    }
    return OrderRefund(id: 900, amount: try euro(cents), lines: lines ?? [])
}
