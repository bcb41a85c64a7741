import Foundation
import Store
import TestSupport
import Testing

/// Issue 2, "What it must show" 5. `SUPPORTMETER_KILLS=200` makes it the whole of that, `SUPPORTMETER_SEED` plays a printed seed again.
@Suite(.serialized) struct KillTests {
    /// Of both kinds of database together; half of them kill the daemon, half the PostgreSQL.
    private static let kills = ProcessInfo.processInfo.environment["SUPPORTMETER_KILLS"].flatMap { Int($0) } ?? 20
    private static let seed = ProcessInfo.processInfo.environment["SUPPORTMETER_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...999_999)

    @Test("kill -9 of daemon and PostgreSQL under load: what was acknowledged is there once, nothing twice, no order is lost", arguments: Victim.Kind.allCases)
    func killed(_ kind: Victim.Kind) async throws {
        let (seed, kills) = (Self.seed, max(2, Self.kills / 2))
        print("chaos: \(kind), \(kills) kills, SUPPORTMETER_SEED=\(seed)")
        try await Victim.with(kind) { victim in
            try await ChaosShop.with(seed: seed) { shop in
                try await KillRun(victim: victim, shop: shop, seed: seed, kills: kills).run()
            }
        }
    }
}

/// One run: load, kills, and the reckoning.
struct KillRun: Sendable {
    let victim: Victim
    let shop: ChaosShop
    let seed: UInt64
    let kills: Int

    /// A cycle strikes within so long after the daemon is ready, or after it has read the shop.
    private static let strikeSecondsMax = 1.5
    private static let sellPauseSeconds = 0.25

    func run() async throws {
        try shop.stock()
        let address = try await victim.start().address()
        let database = try await ChaosDatabase.prepare(url: try #require(victim.url), shopURL: shop.address)
        let spenders = Spenders(token: database.token, seed: seed)
        spenders.address.with { $0 = address }
        let isClosed = Locked(false)
        let began = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await spenders.run() }
            group.addTask { try await sell(until: isClosed) }
            let result: Result<Void, any Error>
            do { result = .success(try await strike(spenders, database)) } catch { result = .failure(error) }
            isClosed.with { $0 = true }
            spenders.finish()
            if case .failure = result { group.cancelAll() }
            try result.get()
            try await group.waitForAll()
        }
        try await reckon(spenders, database, took: seconds(since: began))
    }

    private func sell(until isClosed: Locked<Bool>) async throws {
        var random = SplitMix64(seed: seed)
        while !isClosed.with({ $0 }) {
            try shop.live(&random)
            await pace(Self.sellPauseSeconds)
        }
    }

    private func strike(_ spenders: Spenders, _ database: ChaosDatabase) async throws {
        var random = SplitMix64(seed: seed &+ 7)
        let watch = APIClient(token: database.token)
        for number in 0..<kills {
            // Half of them wait for the feed to be at work again, so that passes are struck, too.
            if number == 0 || Bool.random(using: &random) { try await database.waitForPass(within: 90) }
            await pace(Double.random(in: 0...Self.strikeSecondsMax, using: &random))
            let isDaemon = number % 2 == 0
            let began = ContinuousClock.now
            if isDaemon { try await killDaemon(spenders, again: Int.random(in: 0..<4, using: &random) == 0, &random) } else { try await killPostgres() }
            let address = try #require(spenders.address.with { $0 })
            try await watch.waitUntilReady(address, within: 120)
            print("chaos: \(victim.kind) \(number + 1): \(isDaemon ? "daemon" : "postgres") back after \(String(format: "%.1f", seconds(since: began))) s")
        }
        await watch.http.shutdown()
    }

    /// `again`: once more while it is starting.
    private func killDaemon(_ spenders: Spenders, again: Bool, _ random: inout SplitMix64) async throws {
        await victim.killDaemon()
        spenders.address.with { $0 = nil }
        if again {
            try victim.start()
            await pace(Double.random(in: 0...Self.strikeSecondsMax, using: &random))
            await victim.killDaemon()
        }
        let address = try await victim.start().address()
        spenders.address.with { $0 = address }
    }

    private func killPostgres() async throws {
        try await eventually("there is a PostgreSQL to kill", within: 60) { await victim.killPostmaster() }
        try await victim.restartServer()
        #expect(victim.current?.hasEnded == false, "the daemon must outlive its PostgreSQL: \(victim.current?.logged ?? "")")
    }

    private func reckon(_ spenders: Spenders, _ database: ChaosDatabase, took: Double) async throws {
        try await database.waitForPass(within: 90)
        let complaints = try await Audit(store: database.store, shop: database.shop).complaints(clients: spenders.results, orders: shop.orders())
        let spent = spenders.acknowledged
        print("chaos: \(victim.kind) took \(Int(took)) s: \(shop.shop.orders.count) orders, \(spent) spends acknowledged, \(spenders.repeated) asked again")
        #expect(complaints.isEmpty, "seed \(seed): \(complaints.prefix(10).joined(separator: "\n"))")
        #expect(spenders.strangeAnswers.isEmpty, "seed \(seed): \(spenders.strangeAnswers.joined(separator: "\n"))")
        #expect(spent > kills * 5, "seed \(seed): too little was spent to show anything")
        try await victim.current?.stop()
        #expect(await victim.current?.ended() == 0)
        await database.store.pool.shutdown()
    }
}
