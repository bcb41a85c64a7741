import DemoShop
import Domain
import Foundation
import Store
import TestSupport
@testable import OrderFeed

/// The recorded orders with the lines of their refunds, as a shop serves them.
struct RecordedOrder: Sendable {
    let id: OrderID
    let document: String
    /// `[]` when it has none.
    let refunds: String
    let seenAt: Date

    /// The 277 of the list, and the named ones that the list hides.
    static func all() throws -> [RecordedOrder] {
        var refunds: [OrderID: String] = [:]
        var orders: [OrderID: RecordedOrder] = [:]
        for name in try DocumentRecordings.names("rest/scenario", ending: ".refunds.json") {
            let order = try DocumentRecordings.bytes("rest/scenario/\(name.replacing(".refunds.json", with: ".json"))")
            guard let id = DocumentGlimpse.order(order) else { continue }
            refunds[id] = String(decoding: try DocumentRecordings.bytes("rest/scenario/\(name)"), as: UTF8.self)
        }
        for page in ["page-01", "page-02", "page-03"] {
            for element in try WooOrderDocument.decodeList(DocumentRecordings.bytes("rest/orders-by-modified-asc/\(page).json")) {
                let id = try element.order.get().id
                orders[id] = RecordedOrder(
                    id: id, document: String(decoding: element.raw, as: UTF8.self), refunds: refunds[id] ?? "[]", seenAt: epoch)
            }
        }
        for name in try DocumentRecordings.names("rest/scenario", ending: ".json") where !name.hasSuffix(".refunds.json") {
            let raw = try DocumentRecordings.bytes("rest/scenario/\(name)")
            guard let order = try? WooOrderDocument.decode(raw), orders[order.id] == nil else { continue }
            orders[order.id] = RecordedOrder(
                id: order.id, document: String(decoding: raw, as: UTF8.self), refunds: refunds[order.id] ?? "[]", seenAt: epoch)
        }
        return orders.values.sorted { $0.id < $1.id }
    }

    /// Each recorded life: what was read after each step, oldest first.
    static func histories() throws -> [[RecordedOrder]] {
        try DocumentRecordings.names("histories", ending: ".jsonl").filter { $0 != "deliveries.jsonl" }.map { name in
            try DocumentRecordings.bytes("histories/\(name)").split(separator: UInt8(ascii: "\n")).compactMap { line in
                let raw = Array(line)
                let members = Dictionary(
                    (JSONObjectMembers.split(raw) ?? []).map { ($0.name, String(decoding: raw[$0.value], as: UTF8.self)) },
                    uniquingKeysWith: { $1 })
                guard let document = members["order"], let order = try? WooOrderDocument.decode(Array(document.utf8)),
                    let seen = members["seen_at"].flatMap({ Timestamp.parse($0.replacing("\"", with: "")) })
                else { return nil }
                return RecordedOrder(id: order.id, document: document, refunds: members["refunds"] ?? "[]", seenAt: seen)
            }
        }
    }

    private static let epoch = Date(timeIntervalSince1970: 1_795_315_000)

    func order() throws -> ShopOrder {
        let order = try WooOrderDocument.decode(Array(document.utf8))
        return order.knowing(refunds: try WooOrderDocument.decodeRefunds(Array(refunds.utf8), currency: order.currency))
    }

    /// What the document entitles to under plans that were there from the start, as `FeedFixture.ledger` names it; nothing for a line
    /// that never was entitled.
    static func entitled(_ order: ShopOrder) -> [String: Int64] {
        let plans = [TestShop.startPlan, TestShop.proPlan, TestShop.videoPlan, TestShop.flexPlan]
        let bound = order.lines.compactMap { line in Matching.match(line, plans: plans).map { (line.id, $0.plan) } }
        var entitled: [String: Int64] = [:]
        for line in Entitlement.evaluate(order: order, bindings: Dictionary(bound, uniquingKeysWith: { $1 })).lines {
            for channel in line.channels { entitled["\(order.id)/\(line.line)/\(channel.channel)"] = channel.credits.value }
        }
        return entitled
    }
}

extension FeedFixture {
    /// Every line and channel has the net grant that it is entitled to; those that were never entitled may have no grant at all.
    func differences(_ shop: Shop, _ expected: [String: Int64]) async throws -> [String] {
        let ledger = try await ledger(shop)
        let wrong = expected.filter { (ledger[$0.key]?[0] ?? 0) != $0.value }.map { "\($0.key): \(ledger[$0.key] ?? []) instead of \($0.value)" }
        let extra = ledger.filter { expected[$0.key] == nil && $0.value[0] != 0 }.map { "\($0.key): \($0.value) from nowhere" }
        return (wrong + extra).sorted()
    }
}
