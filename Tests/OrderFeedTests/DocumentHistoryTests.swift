import Domain
import Foundation
import Testing

@testable import OrderFeed

/// The recorded lives of 47 orders: what is seen step by step, and the end.
@Suite struct DocumentHistoryTests {
    private struct Sight {
        let order: ShopOrder
        let seenAt: Date
    }

    @Test("every step of every recorded life decodes, and all paths end with the net grant of the last state")
    func histories() async throws {
        let plans = try DocumentRecordings.plans()
        for name in try DocumentRecordings.names("histories", ending: ".jsonl") where name != "deliveries.jsonl" {
            await Task.yield()
            let sights = try sights(name)
            let first = try #require(sights.first)
            let last = try #require(sights.last)
            var patient = LedgerModel(now: first.seenAt, zone: .utc, plans: plans)
            for sight in sights { patient.apply(order: sight.order, seenAt: sight.seenAt) }
            let entitlement = Entitlement.evaluate(order: last.order, bindings: patient.bindings)
            for line in entitlement.lines {
                for channel in line.channels { #expect(patient.netGrant(line.line, channel.channel) == channel.credits.value, "\(name)") }
            }
            #expect(patient.tickets.count <= 1)
        }
    }

    @Test("every recorded delivery is an order, a deleted order or the shop's error, and nothing else")
    func deliveries() async throws {
        struct Delivery: Decodable {
            let topic: String
            let body: String
        }
        for line in try lines("deliveries.jsonl") {
            await Task.yield()
            let delivery = try JSONDecoder().decode(Delivery.self, from: Data(line))
            let body = Array(delivery.body.utf8)
            if delivery.topic == "order.deleted" {
                #expect(try WooOrderDocument.decodeID(body).rawValue > 0)
            } else {
                do throws(OrderDocumentError) {
                    let order = try WooOrderDocument.decode(body)
                    #expect(order.refundLinesKnown == order.refunds.isEmpty)
                } catch {
                    #expect(error == .shopError(code: OrderDocumentError.orderGoneCode, status: 404))
                }
            }
        }
    }

    private func lines(_ name: String) throws -> [[UInt8]] {
        try DocumentRecordings.bytes("histories/\(name)").split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// The steps at which the order could be read.
    private func sights(_ name: String) throws -> [Sight] {
        try lines(name).compactMap { line in
            let step = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
            let document = try JSONSerialization.data(withJSONObject: try #require(step["order"]))
            let seenAt = try Date(
                try #require(step["seen_at"] as? String), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            do throws(OrderDocumentError) {
                let order = try WooOrderDocument.decode(Array(document))
                guard let list = step["refunds"] as? [Any], let refunds = try? JSONSerialization.data(withJSONObject: list) else {
                    return nil
                }
                return Sight(
                    order: order.knowing(refunds: try WooOrderDocument.decodeRefunds(Array(refunds), currency: order.currency)),
                    seenAt: seenAt)
            } catch {
                guard case .shopError = error else { throw error }
                return nil
            }
        }
    }
}
