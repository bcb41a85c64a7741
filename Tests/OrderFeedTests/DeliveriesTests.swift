import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// Shops that are seen through a relay's recorded deliveries.
@Suite struct DeliveriesTests {
    /// The newest version of each order, as the recorded deliveries tell it.
    private func expected(_ lines: [String]) throws -> [String: Int64] {
        var newest: [OrderID: (order: ShopOrder, seenAt: Date)] = [:]
        var deleted: [OrderID: Date] = [:]
        for line in lines {
            let element = try JSONDecoder().decode(RelayElement.self, from: Data(line.utf8))
            let body = Array(element.body.utf8)
            if element.topic == "order.deleted" {
                deleted[try WooOrderDocument.decodeID(body)] = element.receivedAt
            } else if let order = try? WooOrderDocument.decode(body) {
                let known = newest[order.id]
                if known.map({ (order.modifiedAt, element.receivedAt) > ($0.order.modifiedAt, $0.seenAt) }) ?? true {
                    newest[order.id] = (order, element.receivedAt)
                }
            }
        }
        return newest.reduce(into: [:]) { sum, entry in
            var order = entry.value.order
            if let date = deleted[entry.key], date > order.modifiedAt { order.status = "trash" }
            sum.merge(RecordedOrder.entitled(order)) { $1 }
        }
    }

    @Test("the recorded deliveries end in the state of each order's newest version, in any order and doubled", arguments: 0..<4)
    func recorded(seed: Int) async throws {
        var random = SplitMix64(seed: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        let recorded = try Relay.recorded()
        let lines = seed == 0 ? recorded : seed == 1 ? recorded.reversed() : (recorded + recorded).shuffled(using: &random)
        let relay = try Relay(lines)
        try await FeedFixture.with({ $0.deliveriesPageSize = 17 }) { fixture in
            let shop = try await fixture.addShop(relay.url, kind: .deliveries)
            let figures = try await fixture.desk.poll(shop)
            #expect(figures.seen >= lines.count)
            #expect(try await fixture.differences(shop, try expected(recorded)) == [])
            let reasons = try await fixture.store.rejects(shop.id).map { "\($0.order?.description ?? ""): \($0.reason)" }
            #expect(reasons == [])
            #expect(try await fixture.store.feedState(shop.id)?.cursorText == String(lines.count))
            #expect(try await fixture.desk.poll(shop).seen == 0)
            let refunded = try await fixture.store.feedStatus(shop).flagCounts["refund-lines-unknown"] ?? 0
            #expect(refunded > 0)
        }
    }

    @Test("a bad signature is kept with its reason and the cursor goes on; the right secret and a replay take it in")
    func badSignature() async throws {
        let document = try #require(try RecordedOrder.all().first { (try? $0.order().status) == "completed" && $0.refunds == "[]" }).document
        let at = Date(timeIntervalSince1970: 1_795_320_000)
        let relay = try Relay([
            Relay.line(id: 1, topic: "order.updated", body: document, receivedAt: at, secret: SecretText("another")),
            Relay.line(id: 2, topic: "order.updated", body: #"{"id":"x"}"#, receivedAt: at), #"{"id":3,"nothing":true}"#,
        ])
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop(relay.url, kind: .deliveries)
            let figures = try await fixture.desk.poll(shop)
            #expect(figures.seen == 3 && figures.rejected == 3)
            let rejects = try await fixture.store.rejects(shop.id)
            #expect(rejects.count == 3 && rejects.contains { $0.reason == "the signature does not fit the body" })
            #expect(try await fixture.desk.replayAll(shop).rejected == 3)
            var change = ShopChange()
            change.webhookSecret = SecretText("another")
            let changed = try await fixture.store.setShop(shop.id, change, by: .commandLine).get()
            let replayed = try await fixture.desk.replayAll(changed)
            #expect(replayed.seen == 3 && replayed.rejected == 2)
            #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE source = 'replay'") == 1)
        }
    }

    @Test("a deletion before its order waits, and counts when the document comes; a later document revives it")
    func deletedFirst() async throws {
        let recorded = try #require(try RecordedOrder.histories().first { ($0.last.map { (try? RecordedOrder.entitled($0.order()).values.max()) ?? 0 } ?? 0) > 0 })
        let last = try #require(recorded.last)
        let deletedAt = try last.order().modifiedAt.addingTimeInterval(5.5)
        let relay = try Relay([Relay.line(id: 1, topic: "order.deleted", body: #"{"id":\#(last.id)}"#, receivedAt: deletedAt)])
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop(relay.url, kind: .deliveries)
            #expect(try await fixture.desk.poll(shop).rejected == 1)
            relay.add(Relay.line(id: 2, topic: "order.updated", body: last.document, receivedAt: deletedAt.addingTimeInterval(-1)))
            _ = try await fixture.desk.poll(shop)
            #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE status = 'trash'") == 1)
            #expect(try await fixture.store.rejects(shop.id).isEmpty)
            let text = try last.order().modifiedAt.bareGMT
            let revived = last.document.replacing(text, with: deletedAt.addingTimeInterval(10).bareGMT)
            relay.add(Relay.line(id: 3, topic: "order.restored", body: revived, receivedAt: deletedAt.addingTimeInterval(11)))
            _ = try await fixture.desk.poll(shop)
            #expect(try await fixture.count("SELECT count(*) FROM shop_order WHERE status = 'trash'") == 0)
        }
    }

    @Test("pushes to a deliveries shop are the record, also without the relay")
    func pushed() async throws {
        try await FeedFixture.with { fixture in
            let relay = try Relay([])
            let shop = try await fixture.addShop(relay.url, kind: .deliveries)
            let recorded = try Relay.recorded()
            for line in recorded {
                let element = try JSONDecoder().decode(RelayElement.self, from: Data(line.utf8))
                fixture.test.clock.set(element.receivedAt)
                let push = Push(
                    topic: element.topic, signature: element.signature, contentType: "application/json", body: Array(element.body.utf8))
                #expect(try await fixture.store.receivePush("demo", push).status == 200)
            }
            _ = try await fixture.desk.poll(shop)
            #expect(try await fixture.differences(shop, try expected(recorded)) == [])
            #expect(try await fixture.count("SELECT count(*) FROM delivery WHERE handled_at IS NULL") == 0)
        }
    }
}
