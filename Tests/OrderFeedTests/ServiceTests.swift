import DemoShop
import Domain
import Foundation
import Postgres
import ServiceLifecycle
import Store
import TestSupport
import Testing
@testable import OrderFeed

/// The daemon's feeds: leases, wake-ups, and a bad shop beside a good one.
@Suite struct ServiceTests {
    /// Runs the service while the body does.
    private func withService(_ fixture: FeedFixture, _ body: @Sendable @escaping () async throws -> Void) async throws {
        let service = FeedService(store: fixture.store, configuration: fixture.configuration, logger: TestServer.logger)
        let services = ServiceGroup(services: [service], logger: TestServer.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let result = await Outcome.of { try await body() }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            try result.get()
        }
    }

    /// Waits for the state that the condition wants, woken by the ends of passes.
    private func wait(_ fixture: FeedFixture, _ shop: Shop, until condition: @Sendable (FeedState) -> Bool) async throws {
        for await _ in fixture.store.pool.listen([Store.feedDoneChannel]) {
            if let state = try await fixture.store.feedState(shop.id), condition(state) { return }
        }
    }

    @Test("a shop that answers nonsense never stops the others, and is read again when it is well", .timeLimit(.minutes(3)))
    func badBesideGood() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { bad, badAddress in
                try await fixture.withShop { good, goodAddress in
                    bad.behave(.otherJSON)
                    try bad.orders.seedOrders(count: 3)
                    try good.orders.seedOrders(count: 3)
                    let sick = try await fixture.addShop(badAddress, slug: "sick")
                    let well = try await fixture.addShop(goodAddress, slug: "well")
                    try await self.withService(fixture) {
                        try await self.wait(fixture, well) { $0.importedAt != nil }
                        try await self.wait(fixture, sick) { $0.passErrorKind == "wrong-shape" }
                        let order = try good.orders.sell([CartLine("SUP-START", quantity: 1)])
                        try await fixture.store.hint(OrderID(Int64(order)), reason: .importing, in: well.id)
                        try await self.wait(fixture, well) { $0.totals.seen >= 4 }
                        bad.behave(nil)
                        #expect(try await fixture.desk.poll(sick).seen == 3)
                        try await self.wait(fixture, sick) { $0.importedAt != nil && $0.passError == nil }
                    }
                    #expect(try await fixture.store.feedState(well.id)?.leaseOwner == nil, "the lease is given back")
                }
            }
        }
    }

    @Test("many pollers of one shop make one ticket per order, and each gets its figures", .timeLimit(.minutes(3)))
    func oneLease() async throws {
        try await FeedFixture.with { fixture in
            try await fixture.withShop { demo, address in
                for _ in 0..<20 { _ = try demo.orders.sell([CartLine("SUP-START", quantity: 1)]) }
                let shop = try await fixture.addShop(address)
                try await withThrowingTaskGroup(of: IntakeFigures.self) { group in
                    for _ in 0..<6 { group.addTask { try await fixture.desk.poll(shop) } }
                    var changed = 0
                    for try await figures in group {
                        #expect(figures.seen >= 20)
                        changed = max(changed, figures.changed)
                    }
                    #expect(changed == 20)
                }
                #expect(try await fixture.count("SELECT count(*) FROM ticket") == 20)
                #expect(try await fixture.count("SELECT count(*) FROM credit_grant") == 60)
            }
        }
    }

    @Test("a lease that went to somebody else keeps the old holder from writing anything")
    func lostLease() async throws {
        try await FeedFixture.with { fixture in
            let shop = try await fixture.addShop("http://127.0.0.1:9")
            #expect(try await fixture.store.takeFeedLease(shop.id, owner: "a", seconds: 10) != nil)
            #expect(try await fixture.store.takeFeedLease(shop.id, owner: "b", seconds: 10) == nil)
            fixture.test.clock.advance(seconds: 11)
            #expect(try await fixture.store.takeFeedLease(shop.id, owner: "b", seconds: 10) != nil)
            var page = FeedPage()
            page.moves = [.cursor(fixture.test.clock.now)]
            let stale = page
            await #expect(throws: FeedLeaseLost.self) { try await fixture.store.keep(stale, shop: shop, owner: "a") }
            #expect(try await fixture.store.feedState(shop.id)?.cursorAt == nil)
            _ = try await fixture.store.keep(page, shop: shop, owner: "b")
            #expect(try await fixture.store.feedState(shop.id)?.cursorAt == fixture.test.clock.now)
        }
    }

    @Test("the pause doubles with each failed pass, is jittered and capped, and heeds Retry-After")
    func backoff() throws {
        var configuration = FeedConfiguration()
        configuration.random = { 0 }
        let early = Backoff(configuration: configuration)
        configuration.random = { 0.999_999 }
        let late = Backoff(configuration: configuration)
        let now = Date(timeIntervalSince1970: 0)
        func seconds(_ backoff: Backoff, _ failures: Int, _ retry: Double? = nil) -> Double {
            backoff.next(after: now, failures: failures, retryAfterSeconds: retry).timeIntervalSince1970.rounded()
        }
        #expect(seconds(late, 1) == 5 && seconds(early, 1) == 3 && seconds(late, 4) == 40)
        #expect(seconds(late, 40) == 900 && seconds(early, 40) == 450)
        #expect(seconds(early, 1, 600) == 600)
    }
}
