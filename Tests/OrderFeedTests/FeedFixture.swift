import Curl
import DemoShop
import Domain
import Foundation
import Logging
import Postgres
import ServiceLifecycle
import Store
import TestSupport
@testable import OrderFeed

/// A database, and a desk that reads shops over real HTTP.
struct FeedFixture: Sendable {
    static let key = "ck_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1"
    static let secret = "cs_1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a"
    static let hookSecret = SecretText("supportmeter-hook-secret")

    let test: TestStore
    var configuration: FeedConfiguration
    var store: Store { test.store }
    var desk: FeedDesk { FeedDesk(store: store, configuration: configuration, logger: TestServer.logger) }

    struct Wrong: Error { let what: String }

    static func with(
        _ configure: (inout FeedConfiguration) -> Void = { _ in }, _ body: (FeedFixture) async throws -> Void
    ) async throws {
        try await TestStore.with(connectionsMax: 8) { test in
            var configuration = FeedConfiguration()
            configuration.limits.totalSecondsMax = 20
            configuration.limits.connectSecondsMax = 10
            configuration.random = { 0.5 }
            configure(&configuration)
            try await body(FeedFixture(test: test, configuration: configuration))
        }
    }

    /// A shop with the plans of the recorded one.
    func addShop(
        _ url: String, slug: String = "demo", kind: FeedKind = .rest, key: String = key, secret: String = secret, caFile: String? = nil,
        since: Date? = nil
    ) async throws -> Shop {
        let draft = ShopDraft(
            slug: slug, name: slug, currency: "EUR", timeZone: "Europe/Ljubljana", feedKind: kind, url: url,
            consumerKey: kind == .rest ? SecretText(key) : nil, consumerSecret: kind == .rest ? SecretText(secret) : nil,
            webhookSecret: FeedFixture.hookSecret, caFile: caFile, since: since)
        let shop = try await store.addShop(draft, by: .commandLine).get()
        try await importPlans(slug)
        return shop
    }

    func importPlans(_ slug: String) async throws {
        let plans = [TestShop.startPlan, TestShop.proPlan, TestShop.videoPlan, TestShop.flexPlan]
        let drafts = plans.enumerated().map { PlanDraft(shop: slug, path: "plans[\($0)]", plan: $1) }
        _ = try await store.importPlans(drafts, by: .commandLine).get()
    }

    /// A running demo shop whose clock is the test's.
    func withShop(
        _ change: (inout DemoShopConfiguration) -> Void = { _ in },
        _ body: @Sendable @escaping (_ demo: DemoShop, _ address: String) async throws -> Void
    ) async throws {
        var settings = DemoShopConfiguration()
        let clock = test.clock
        settings.clock = { clock.now }
        change(&settings)
        let demo = try DemoShop(configuration: settings, logger: TestServer.logger)
        let services = ServiceGroup(services: [demo], logger: TestServer.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let result = await Outcome.of { try await body(demo, try await demo.address) }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            try result.get()
        }
    }

    func count(_ sql: SQL) async throws -> Int {
        try await store.pool.read { try $0.queryOne(sql) { try $0.next(Int.self) } } ?? -1
    }

    /// Net grant and remaining of every order line and channel that has a grant.
    func ledger(_ shop: Shop) async throws -> [String: [Int64]] {
        let rows = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT order_id || '/' || line_id || '/' || channel, sum(granted - revoked)::bigint, sum(remaining)::bigint FROM credit_grant
                 WHERE shop_id = \(shop.id.rawValue)::bigint AND kind = 'order' GROUP BY 1
                """
            ) { row in (key: try row.next(String.self), net: try row.next(Int64.self), remaining: try row.next(Int64.self)) }
        }
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.key, [$0.net, $0.remaining]) })
    }

    /// What the failure of a pass is called; nil when it went well.
    func slug(of shop: Shop) async throws -> String? {
        do {
            _ = try await desk.poll(shop)
            return nil
        } catch let failure as FeedFailure {
            return failure.slug
        }
    }
}
