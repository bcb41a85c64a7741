import DemoShop
import Domain
import Foundation
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// P1 and P2 over all that was recorded: whatever the path, every line and channel ends with what its order's last version entitles to.
@Suite struct ReplayTests {
    private enum Path: String, CaseIterable {
        case asRecorded, newestFirst, shuffled, doubled
    }

    /// Every sight of every recorded order: the list, and each step of each life.
    private static func sights() throws -> [RecordedOrder] { try RecordedOrder.all() + RecordedOrder.histories().flatMap { $0 } }

    private static func expected(_ sights: [RecordedOrder]) throws -> [String: Int64] {
        var newest: [OrderID: (order: ShopOrder, seenAt: Date)] = [:]
        for sight in sights {
            let order = try sight.order()
            if let known = newest[order.id], (known.order.modifiedAt, known.seenAt) >= (order.modifiedAt, sight.seenAt) { continue }
            newest[order.id] = (order, sight.seenAt)
        }
        // Lines that an edit took out are entitled to nothing.
        var expected: [String: Int64] = [:]
        for sight in sights { for key in RecordedOrder.entitled(try sight.order()).keys { expected[key] = 0 } }
        for (order, _) in newest.values { expected.merge(RecordedOrder.entitled(order)) { $1 } }
        return expected
    }

    private static func seen(_ sight: RecordedOrder) throws -> SeenOrder {
        let order = try sight.order()
        return SeenOrder(
            order, raw: Array(sight.document.utf8), refunds: order.refunds.isEmpty ? nil : Array(sight.refunds.utf8), seenAt: sight.seenAt,
            source: .poll)
    }

    @Test("all recorded sights in any order, doubled and in parallel, end with the same net grants", arguments: Path.allCases)
    private func converges(path: Path) async throws {
        let recorded = try Self.sights()
        let expected = try Self.expected(recorded)
        var random = SplitMix64(seed: 42 &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        let sights =
            switch path {
            case .asRecorded: recorded
            case .newestFirst: Array(recorded.reversed())
            case .shuffled: recorded.shuffled(using: &random)
            case .doubled: (recorded + recorded).shuffled(using: &random)
            }
        let seen = try sights.map(Self.seen)
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop("http://127.0.0.1:9")
            let pages = stride(from: 0, to: seen.count, by: 40).map { Array(seen[$0..<min($0 + 40, seen.count)]) }
            _ = try await pages.mapConcurrently(max: path == .asRecorded ? 1 : 5) { try await fixture.store.takeIn($0, shop: shop) }
            #expect(try await fixture.differences(shop, expected) == [])
            try await untouched(fixture, shop)
            #expect(try await fixture.count("SELECT count(*) FROM reject") == 0)
        }
    }

    /// Nothing was spent and nothing has expired: what is granted remains.
    private func untouched(_ fixture: FeedFixture, _ shop: Shop) async throws {
        let wrong = try await fixture.count(
            "SELECT count(*) FROM credit_grant WHERE remaining <> granted - revoked - expired OR (SELECT count(*) FROM credit_grant) = 0")
        #expect(wrong == 0)
        let doubled = try await fixture.count(
            "SELECT count(*) FROM (SELECT FROM credit_grant WHERE kind = 'order' GROUP BY shop_id, order_id, line_id, channel HAVING count(*) > 1) x")
        #expect(doubled == 0, "one grant per order line and channel")
    }

    @Test("webhooks and polls at once, while the shop moves on, end with what its orders entitle to now", .timeLimit(.minutes(5)))
    func pushedAndPolled() async throws {
        let lives = try RecordedOrder.histories()
        let list = try RecordedOrder.all()
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                for order in list { try demo.orders.put(rawOrderJSON: order.document, refunds: order.refunds) }
                let shop = try await fixture.addShop(address)
                let steps = lives.map(\.count).max() ?? 0
                for step in 0..<steps {
                    let now = lives.compactMap { step < $0.count ? $0[step] : nil }
                    for sight in now { try demo.orders.put(rawOrderJSON: sight.document, refunds: sight.refunds) }
                    if let latest = now.map(\.seenAt).max() { fixture.test.clock.set(max(latest, fixture.test.clock.now)) }
                    guard step % 4 == 0 || step == steps - 1 else { continue }
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { _ = try await fixture.desk.poll(shop) }
                        for sight in now.shuffled() {
                            group.addTask { try await Self.push(sight, fixture) }
                            group.addTask { try await Self.push(sight, fixture) }
                        }
                        try await group.waitForAll()
                    }
                }
                fixture.test.clock.advance(seconds: 1)
                _ = try await fixture.desk.poll(shop)
                _ = try await fixture.desk.sweep(shop)
                var expected = try Self.expected(list + lives.flatMap { $0 })
                for life in lives {
                    if let last = life.last { expected.merge(RecordedOrder.entitled(try last.order())) { $1 } }
                }
                #expect(try await fixture.differences(shop, expected) == [])
                try await self.untouched(fixture, shop)
            }
        }
    }

    private static func push(_ sight: RecordedOrder, _ fixture: FeedFixture) async throws {
        let body = Array(sight.document.utf8)
        let signature = WebhookSignature.sign(body, secret: FeedFixture.hookSecret)
        let push = Push(topic: "order.updated", signature: signature, contentType: "application/json", body: body)
        let outcome = try await fixture.store.receivePush("demo", push)
        #expect(outcome == .accepted)
    }
}
