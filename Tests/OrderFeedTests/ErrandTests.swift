import DemoShop
import Domain
import Foundation
import Postgres
import ServiceLifecycle
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// What people ask for on the feed's page, done by the daemon that reads the shop.
@Suite struct ErrandTests {
    private func lead(_ fixture: FeedFixture, _ shop: Shop) async throws -> Staff {
        try await DeskFixture.addStaff(
            LedgerFixture(database: fixture.test.database, store: fixture.store, clock: fixture.test.clock, shop: shop.id), "lea@example.si", "Lea", .lead)
    }

    /// Asks, and waits for the answer of a running service.
    private func ask(_ errand: FeedErrand, _ fixture: FeedFixture, _ shop: Shop, _ staff: Staff) async throws -> FeedAnswer {
        _ = try await fixture.store.ask(errand, of: shop.id, by: staff).get()
        for await _ in fixture.store.pool.listen([Store.feedDoneChannel]) {
            if let request = try await fixture.store.feedRequests(shop.id).first(where: { $0.errand == errand }), let answer = request.answer { return answer }
        }
        throw FeedFixture.Wrong(what: "no answer")
    }

    @Test("a test, an import and a replay that were asked for are done once and answered in words", .timeLimit(.minutes(3)))
    func errands() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                let shop = try await fixture.addShop(address)
                let staff = try await lead(fixture, shop)
                let order = try demo.orders.sell([CartLine("SUP-START", quantity: 1)])
                let reject = RejectedDocument(
                    source: .poll, order: OrderID(5), reason: "cut off", raw: Array("{\"id\":5".utf8), receivedAt: fixture.test.clock.now)
                try await fixture.store.keepReject(reject, shop: shop.id)
                let kept = try await fixture.store.rejects(shop.id).first?.id
                let service = FeedService(store: fixture.store, configuration: fixture.configuration, logger: TestServer.logger)
                let services = ServiceGroup(services: [service], logger: TestServer.logger)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await services.run() }
                    let result = await Outcome.of {
                        let test = try await ask(.test, fixture, shop, staff)
                        #expect(test.outcome == .tested && test.isGood && test.steps.contains { $0.sentence.contains("may read orders") })
                        #expect(try await ask(.importOrder(OrderID(Int64(order))), fixture, shop, staff).outcome == .imported)
                        #expect(try await ask(.importOrder(OrderID(999_999)), fixture, shop, staff).outcome == .noSuchOrder)
                        let replay = try await ask(.replay(kept), fixture, shop, staff)
                        #expect(replay.outcome == .replayed && !replay.isGood && replay.stayed == 1 && replay.steps.count == 1)
                        let all = try await ask(.replay(nil), fixture, shop, staff)
                        #expect(all.tried == 1 && all.stayed == 1)
                    }
                    await services.triggerGracefulShutdown()
                    try await group.waitForAll()
                    try result.get()
                }
                #expect(try await fixture.store.nextFeedRequest(shop.id)?.errand == nil)
            }
        }
    }

    @Test("who may not decide what waits for a person asks for nothing; what waits is not asked twice")
    func asking() async throws {
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop("http://127.0.0.1:9")
            let lead = try await lead(fixture, shop)
            let ledger = LedgerFixture(database: fixture.test.database, store: fixture.store, clock: fixture.test.clock, shop: shop.id)
            let agent = try await DeskFixture.addStaff(ledger, "ana@example.si", "Ana", .agent)
            guard case .failure(.notPermitted) = try await fixture.store.ask(.test, of: shop.id, by: agent) else {
                Issue.record("an agent may not")
                return
            }
            for _ in 0..<3 { _ = try await fixture.store.ask(.test, of: shop.id, by: lead).get() }
            #expect(try await fixture.store.feedRequests(shop.id).count == 1)
        }
    }
}
