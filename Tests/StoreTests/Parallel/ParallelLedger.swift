import Domain
import Foundation
import Logging
import Store
import TestSupport

/// Several daemons at work on a few tickets at once: each has a store, a pool and lanes of its own, as on machines of their own.
///
/// They spend (every third key twice), hold, capture, release, reverse, adjust and transfer, while the shop's orders change and what is due
/// is settled under a clock that moves on. Nothing here is allowed to fail but by a refusal.
struct ParallelLedger: Sendable {
    static let daemons = 6
    static let workersPerDaemon = 3
    static let customers = 2
    static let ordersPerCustomer = 2

    let shop: TestShop
    let stepsPerWorker: Int

    /// What went wrong; empty when P3, P4 and P5 held and no operation failed. `prepare` may change the database before anything happens.
    static func violations(
        pooling: Bool, stepsPerWorker: Int = 40, seed: UInt64 = 1, prepare: (TestStore) async throws -> Void = { _ in }
    ) async throws -> [String] {
        try await TestStore.with { test in
            try await prepare(test)
            let shop = try await TestShop.add(to: test, pooling: pooling)
            return try await ParallelLedger(shop: shop, stepsPerWorker: stepsPerWorker).run(seed: seed)
        }
    }

    private func run(seed: UInt64) async throws -> [String] {
        let shop = shop
        let seen = try await shop.shop()
        let tally = ParallelTally()
        try await shop.take((1...Int64(Self.customers * Self.ordersPerCustomer)).map { order($0, status: "processing") })
        let tickets = try await shop.store.tickets(in: shop.id).items.map(\.number)
        let daemons = (0..<Self.daemons).map { _ in
            Store(pool: shop.test.database.makePool { $0.connectionsMax = 4 }, logger: TestServer.logger) { shop.clock.now }
        }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<Self.daemons * Self.workersPerDaemon {
                let stores = (own: daemons[number % Self.daemons], other: daemons[(number + 1) % Self.daemons])
                group.addTask {
                    var work = ParallelWorker(
                        name: "\(number)", seed: seed &+ UInt64(number), ledger: self, shop: seen, stores: stores, tickets: tickets, tally: tally)
                    for _ in 0..<stepsPerWorker { await work.step() }
                }
            }
        }
        for daemon in daemons { await daemon.pool.shutdown() }
        return try await verdict(tally)
    }

    /// An order of the customer that its number says, as the shop tells it at the clock's instant.
    func order(_ number: Int64, status: String) -> ShopOrder {
        TestShop.order(id: number, status: status, email: "customer-\(number % Int64(Self.customers))@example.test", at: shop.clock.now)
    }

    private func verdict(_ tally: ParallelTally) async throws -> [String] {
        var violations = tally.failures
        if let problem = try await shop.store.verify().problem { violations.append("verify: \(problem)") }
        let used = try await shop.store.tickets(in: shop.id).items.flatMap(\.counters.values).reduce(0) { $0 + $1.used }
        if used != tally.spent { violations.append("\(tally.spent) credits were acknowledged as spent, \(used) are used") }
        return violations
    }
}
