import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite struct AdminShopTests {
    private static let draft = ShopDraft(
        slug: "demo", name: "Demo", currency: "EUR", timeZone: "Europe/Ljubljana", feedKind: .rest, url: "https://shop.example",
        consumerKey: SecretText("ck_key"), consumerSecret: SecretText("cs_secret"), webhookSecret: SecretText("hook"))

    @Test("a new shop has its three channels with their rules, its place in the feed and the program's own actor")
    func add() async throws {
        try await TestStore.with { test in
            let shop = try await test.store.addShop(Self.draft, by: .commandLine).get()
            #expect(shop.channels == [.email, .sms, .video])
            #expect(shop.rules[.sms]?.rule == .smsSegments && shop.rules[.video]?.rule == .videoCall)
            #expect(shop.statuses.paying == ["processing", "completed"])
            let ready = try await test.database.pool.read { connection in
                try connection.queryOne(
                    "SELECT system_actor(\(shop.id.rawValue)::bigint) IS NOT NULL AND EXISTS (SELECT FROM feed WHERE shop_id = \(shop.id.rawValue)::bigint)"
                ) { try $0.next(Bool.self) }
            }
            #expect(ready == true)
            guard case .failure(.alreadyThere(what: "shop", name: "demo")) = try await test.store.addShop(Self.draft, by: .commandLine) else {
                Issue.record("the slug was taken twice")
                return
            }
        }
    }

    @Test("of twenty who add the same shop at once, one succeeds")
    func race() async throws {
        try await TestStore.with { test in
            let added = try await withThrowingTaskGroup(of: Bool.self) { group in
                for _ in 0..<20 { group.addTask { await (try? test.store.addShop(Self.draft, by: .commandLine).get()) != nil } }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(added == 1)
            #expect(try await test.store.allShops().count == 1)
        }
    }

    @Test("only what is given changes, and new paying statuses ask for a sweep")
    func set() async throws {
        try await TestStore.with { test in
            let shop = try await test.store.addShop(Self.draft, by: .commandLine).get()
            var change = ShopChange()
            change.payingStatuses = ["completed"]
            change.leadCap = 5
            let set = try await test.store.setShop(shop.id, change, by: .commandLine).get()
            #expect(set.statuses.paying == ["completed"] && set.leadCap == 5)
            #expect(set.name == "Demo" && set.consumerSecret == SecretText("cs_secret") && set.pollSeconds == 60)
            let asked = try await test.database.pool.read { connection in
                try connection.queryOne("SELECT sweep_requested_at IS NOT NULL FROM feed") { try $0.next(Bool.self) }
            }
            #expect(asked == true)
            change.pollSeconds = 0
            guard case .failure(let refusal) = try await test.store.setShop(shop.id, change, by: .commandLine) else {
                Issue.record("a poll every 0 seconds was accepted")
                return
            }
            #expect(refusal.detail == "poll-seconds: expected 1 to 86400, found 0")
        }
    }

    @Test("a channel is data: added, given a new rule version, retired and taken back")
    func channels() async throws {
        try await TestStore.with { test in
            let id = try await test.store.addShop(Self.draft, by: .commandLine).get().id
            let added = try await test.store.addChannel("phone", to: id, by: .commandLine).get()
            #expect(added.rule == VersionedUnitRule(channel: added.channel, version: 1, rule: .perUnit))
            let rule = UnitRule.videoMinutes(perMinutes: 10, minimumUnits: 1, freeGraceSeconds: 60)
            #expect(try await test.store.setRule(rule, of: added.channel, in: id, by: .commandLine).get().rule.version == 2)
            #expect(try await test.store.setRule(rule, of: added.channel, in: id, by: .commandLine).get().rule.version == 2)
            #expect(try await test.store.retireChannel(added.channel, in: id, by: .commandLine).get().isRetired)
            #expect(try await test.store.shop(id)?.channels == [.email, .sms, .video])
            let back = try await test.store.addChannel("phone", rule: rule, to: id, by: .commandLine).get()
            #expect(!back.isRetired && back.rule.version == 2)
            let actions = try await test.database.pool.read { connection in
                try connection.query("SELECT actor || ' ' || action || ' ' || subject FROM audit ORDER BY audit_id") { try $0.next(String.self) }
            }
            #expect(actions.first == "operator shop.add demo" && actions.last == "operator channel.add phone" && actions.count == 6)
        }
    }
}
