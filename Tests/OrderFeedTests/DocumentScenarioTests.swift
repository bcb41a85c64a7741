import Domain
import Foundation
import Testing

@testable import OrderFeed

/// Every recorded order, and what its customer should see: e-mails, SMS, calls.
@Suite struct DocumentScenarioTests {
    static let expected: [String: [Int64]] = [
        "guest-start-qty1": [5, 5, 1], "registered-start-qty3": [15, 15, 3], "mixed-cart": [25, 25, 5], "same-sku-two-lines": [15, 15, 3],
        "variation": [70, 0, 0], "variation-without-own-sku": [50, 0, 0], "no-sku-product": [0, 0, 0], "no-support-product": [0, 0, 0],
        "coupon-percent": [10, 10, 2], "coupon-fixed-plus-percent": [20, 20, 4], "coupon-100": [5, 5, 1],
        "zero-total-free-product": [0, 0, 0], "currency-usd-ca": [40, 40, 8], "currency-jpy": [5, 5, 1], "currency-kwd": [0, 0, 1],
        "status-pending": [0, 0, 0], "status-on-hold": [0, 0, 0], "status-processing": [5, 5, 1], "status-completed": [5, 5, 1],
        "status-cancelled": [0, 0, 0], "status-failed": [0, 0, 0], "status-checkout-draft": [0, 0, 0], "long-note": [0, 0, 1],
        "order-meta": [5, 5, 1], "custom-line-no-product": [0, 0, 0], "negative-fee": [20, 20, 4],
        "fractional-qty-requested-1.5": [5, 5, 1],
        "refund-partial-line-1-of-3": [10, 10, 2], "refund-amount-only": [10, 10, 2], "refund-no-reason": [10, 10, 2],
        "refund-full-by-lines": [0, 0, 0], "refund-full-amount-only": [0, 0, 0], "refund-status-only": [0, 0, 0],
        "refund-three-partials-to-full": [0, 0, 0], "refund-line-qty-without-amount": [5, 5, 1],
        "refund-line-amount-without-qty": [10, 10, 2], "refund-then-refund-deleted": [10, 10, 2], "edited-quantity": [20, 20, 4],
        "edited-line-removed": [5, 5, 1], "dst-autumn-ambiguous": [5, 5, 1], "dst-autumn-ambiguous-2": [5, 5, 1],
        "new-year-gmt-edge": [5, 5, 1], "trashed": [0, 0, 0], "trashed-then-restored": [5, 5, 1], "product-deleted-after-order": [0, 0, 0],
        "product-trashed-after-order": [0, 0, 0], "product-sku-renamed-after-order": [0, 0, 0], "customer-deleted-after-order": [5, 5, 1],
    ]

    @Test("every recorded order decodes, and entitles to what its customer should see", arguments: expected.keys.sorted())
    func scenario(name: String) throws {
        let entitlement = try DocumentRecordings.entitlement(try DocumentRecordings.scenario(name))
        let sums = [Channel.email, .sms, .video].map { channel in
            entitlement.lines.flatMap(\.channels).filter { $0.channel == channel }.reduce(0) { $0 + $1.credits.value }
        }
        #expect(sums == Self.expected[name])
        #expect(!entitlement.refundLinesUnknown && entitlement.refusals.isEmpty)
    }

    @Test("no recorded order is left out of the table")
    func complete() throws {
        let names = try DocumentRecordings.names("rest/scenario", ending: ".json").filter { !$0.hasSuffix(".refunds.json") }
        let known = Set(Self.expected.keys).union(["force-deleted", "many-lines-120"])
        #expect(Set(names.map { String($0.dropLast(5)) }) == known)
    }

    @Test("an order of 120 lines grants for each of its support lines by itself")
    func manyLines() throws {
        let order = try DocumentRecordings.scenario("many-lines-120")
        let entitlement = try DocumentRecordings.entitlement(order)
        #expect(order.lines.count == 120)
        let start = order.lines.filter { $0.sku == "SUP-START" }
        let wanted = start.reduce(Int64(0)) { $0 + $1.quantity.millionths / Quantity.unit * 5 }
        let granted = entitlement.lines.filter { $0.plan.id == PlanID(1) }.flatMap(\.channels).filter { $0.channel == .email }
        #expect(granted.count == start.count && granted.reduce(0) { $0 + $1.credits.value } == wanted)
    }

    @Test("in the autumn hour only GMT tells two orders apart, and the new year begins in the shop's zone")
    func times() throws {
        let first = try DocumentRecordings.scenario("dst-autumn-ambiguous")
        let second = try DocumentRecordings.scenario("dst-autumn-ambiguous-2")
        #expect(second.createdAt.timeIntervalSince(first.createdAt) == 3600)
        let zone = try #require(ShopZone(identifier: "Europe/Ljubljana"))
        #expect(zone.day(of: first.createdAt) == zone.day(of: second.createdAt))
        #expect(zone.day(of: try DocumentRecordings.scenario("new-year-gmt-edge").createdAt) == CivilDay(year: 2026, month: 1, day: 1))
    }

    @Test("odd settings of a shop are read: no decimals, six decimals, decimal quantities, order numbers of a plugin")
    func variants() throws {
        func variant(_ name: String) throws -> ShopOrder {
            try WooOrderDocument.decode(DocumentRecordings.bytes("rest/variants/\(name).json"))
        }
        let yen = try variant("shop-with-0-decimals")
        #expect(yen.total.minorUnits == 244 && yen.currency.code == "JPY")
        #expect(try variant("price-repeating-decimals-dp6").lines.map(\.total.minorUnits) == [10000, 999])
        #expect(try variant("fractional-quantity-with-plugin").lines.map(\.quantity.description) == ["1.5", "2"])
        #expect(try variant("fractional-quantity-plugin-later-removed").lines.map(\.quantity.description) == ["1", "2"])
        let delivered = try variant("custom-status-and-order-number")
        #expect(delivered.number == "SM-2026/00336" && delivered.status == "delivered")
        #expect(try DocumentRecordings.entitlement(delivered).usability == .unknownStatus("delivered"))
        let credits = try DocumentRecordings.entitlement(try variant("fractional-quantity-with-plugin")).lines.first?.channels.map(
            \.credits.value)
        #expect(credits == [7, 7, 1])
    }
}
