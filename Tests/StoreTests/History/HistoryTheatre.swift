import Domain
import Foundation
import Postgres
import Store
import Synchronization
import TestSupport

/// A database in which histories are run, with a shop that pools and one that does not.
struct HistoryTheatre: Sendable {
    let test: TestStore
    let plain: Shop
    let pooling: Shop

    /// Histories after which the planner is told what the tables are like by now; autovacuum comes once a minute. Ten times faster.
    private static let analyzedAt: Set<Int> = [10, 50, 200, 1_000, 5_000]

    private func analyze() async throws {
        try await test.database.pool.read { try $0.executeScript("ANALYZE") }
    }

    static func open() async throws -> HistoryTheatre {
        let test = try await TestStore.make(connectionsMax: HistorySettings.workers)
        let plain = try await TestShop.add(to: test, slug: "plain", plans: HistoryWorld.plans).shop()
        let pooling = try await TestShop.add(to: test, slug: "pooling", plans: HistoryWorld.plans, pooling: true).shop()
        return HistoryTheatre(test: test, plain: plain, pooling: pooling)
    }

    /// The first order line of which less than nothing is deferred as of some instant; nil when there is none.
    func firstNegative() async throws -> String? {
        try await test.database.pool.read { connection in
            try connection.queryOne(
                """
                SELECT format('line %s as of %s: %s', line_id, effective_at, deferred) FROM (
                    SELECT line_id, effective_at, sum(value) OVER (PARTITION BY shop_id, order_id, line_id ORDER BY effective_at) AS deferred FROM (
                        SELECT g.shop_id, g.order_id, g.line_id, e.effective_at,
                               CASE WHEN e.kind IN ('grant', 'transfer-in', 'reversal', 'restoration') THEN s.value ELSE -s.value END AS value
                          FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_values) AS s (grant_id, value)
                          JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = s.grant_id AND g.order_id IS NOT NULL
                        UNION ALL SELECT shop_id, order_id, line_id, effective_at, deferred FROM revaluation) moved) run
                 WHERE deferred < 0 LIMIT 1
                """
            ) { try $0.next(String.self) }
        }
    }

    func history(seed: UInt64, number: Int) -> History {
        HistoryGenerator.history(seed: seed, number: number, shops: (plain.id, pooling.id))
    }

    /// Nil when ledger and oracle agree all along.
    func play(_ history: History, store: Store, clock: TestClock) async throws -> HistoryMismatch? {
        var run = HistoryRun(history, shop: history.pooling ? pooling : plain, store: store, clock: clock)
        do {
            try await run.run()
            return nil
        } catch let mismatch as HistoryMismatch {
            return mismatch
        }
    }

    /// Plays all histories, several at a time, each worker with a clock of its own. Returns what failed, and how many were played.
    func play(_ settings: HistorySettings) async throws -> (failures: [HistoryFailure], played: Int) {
        let bill = HistoryBill(failuresMax: HistorySettings.failuresMax)
        try await play(settings, bill) { history, mismatch, store, clock in
            try await HistoryFailure.shrunk(history, mismatch, in: self, store: store, clock: clock)
        }
        return (bill.failures, min(bill.played, settings.count))
    }

    /// The first that fails, as it is; nil when none does.
    func firstMismatch(_ settings: HistorySettings) async throws -> HistoryFailure? {
        let bill = HistoryBill(failuresMax: 1)
        try await play(settings, bill) { history, mismatch, _, _ in HistoryFailure(history: history, mismatch: mismatch) }
        return bill.failures.first
    }

    private func play(
        _ settings: HistorySettings, _ bill: HistoryBill,
        _ told: @escaping @Sendable (History, HistoryMismatch, Store, TestClock) async throws -> HistoryFailure
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<HistorySettings.workers {
                group.addTask {
                    let clock = TestClock(HistoryWorld.start)
                    let store = Store(pool: test.database.pool, logger: TestServer.logger) { clock.now }
                    while let index = bill.next(of: settings.count) {
                        if HistoryTheatre.analyzedAt.contains(index) { try await analyze() }
                        let history = history(seed: settings.seed &+ UInt64(index), number: index)
                        if let mismatch = try await play(history, store: store, clock: clock) {
                            bill.add(try await told(history, mismatch, store, clock))
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

/// What the workers share: which history is next, and what failed.
private final class HistoryBill: Sendable {
    private struct State {
        var next = 0
        var failures: [HistoryFailure] = []
    }
    private let state = Mutex(State())
    private let failuresMax: Int

    init(failuresMax: Int) { self.failuresMax = failuresMax }

    var failures: [HistoryFailure] { state.withLock { $0.failures } }
    var played: Int { state.withLock { $0.next } }

    func add(_ failure: HistoryFailure) { state.withLock { $0.failures.append(failure) } }

    /// Nil when all are taken, or enough failed.
    func next(of count: Int) -> Int? {
        state.withLock { state in
            guard state.next < count, state.failures.count < failuresMax else { return nil }
            state.next += 1
            return state.next - 1
        }
    }
}

/// A history on which ledger and oracle differ, with the steps that cannot be left out.
struct HistoryFailure: Sendable, CustomStringConvertible {
    /// Histories that are tried to find a shorter one.
    static let attemptsMax = 200

    let history: History
    let mismatch: HistoryMismatch

    /// Leaves out, from the end, every step without which it still fails. Each try is a customer of its own.
    static func shrunk(
        _ history: History, _ mismatch: HistoryMismatch, in theatre: HistoryTheatre, store: Store, clock: TestClock
    ) async throws -> HistoryFailure {
        var short = history
        var reason = mismatch
        if let place = mismatch.place { short.steps = Array(short.steps.prefix(place + 1)) }
        var attempts = 0
        var place = short.steps.count - 1
        while place >= 0, attempts < attemptsMax {
            attempts += 1
            var fewer = short.renumbered(history.number + 1_000_000 * attempts)
            fewer.steps.remove(at: place)
            if let still = try await theatre.play(fewer, store: store, clock: clock) {
                (short, reason) = (fewer, still)
                if let end = still.place { short.steps = Array(short.steps.prefix(end + 1)) }
            }
            place = min(place, short.steps.count) - 1
        }
        return HistoryFailure(history: short.renumbered(history.number), mismatch: reason)
    }

    var description: String {
        let steps = history.steps.map { "  \($0)" }.joined(separator: "\n")
        return """
            \(mismatch)
            \(history.pooling ? "with pooling" : "without pooling"), in the fewest steps:
            \(steps)
            the whole history again: \(HistorySettings.command(seed: history.seed))
            """
    }
}

extension History {
    /// The same for another customer: its orders and lines have other numbers.
    func renumbered(_ other: Int) -> History {
        let shift = Int64(other - number) * 10
        let steps = steps.map { timed in
            guard case .sight(var order, let serial) = timed.step else { return timed }
            order.id = OrderID(order.id.rawValue + shift)
            for index in order.lines.indices { order.lines[index].id = LineID(order.lines[index].id.rawValue + shift * 10) }
            for index in order.refunds.indices {
                for line in order.refunds[index].lines.indices {
                    order.refunds[index].lines[line].orderLineID = LineID(order.refunds[index].lines[line].orderLineID.rawValue + shift * 10)
                }
            }
            order.email = History.email(other)
            return TimedStep(at: timed.at, step: .sight(order, serial: serial))
        }
        return History(seed: seed, number: other, pooling: pooling, steps: steps)
    }

    static func email(_ number: Int) -> String { "history-\(number)@example.test" }
}
