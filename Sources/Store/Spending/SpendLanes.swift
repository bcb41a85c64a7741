import Domain
import FoundationEssentials
import Postgres
import Synchronization

/// Where spends wait to be decided together.
///
/// A lane decides whatever waits as soon as its previous commit returned: one statement, one commit. A lone spend finds its lane idle and
/// goes at once; there is no timer. Spends of one ticket share a lane, so that lanes do not wait for each other's rows.
final class SpendLanes: Sendable {
    static let laneCount = 2
    /// Spends decided in one statement.
    static let batchMax = 1000
    /// Spends waiting in one lane; beyond it callers are told to come back.
    static let waitingMax = 20_000

    private let lanes: [SpendLane]

    init(pool: Pool, clock: @escaping @Sendable () -> Date, faults: FaultLog) {
        lanes = (0..<SpendLanes.laneCount).map { _ in SpendLane(pool: pool, clock: clock, faults: faults) }
    }

    func spend(_ item: SpendItem) async throws -> Answer {
        let lane = lanes[Int(UInt64(bitPattern: item.ticket.rawValue) % UInt64(lanes.count))]
        return try await withCheckedThrowingContinuation { lane.add(WaitingSpend(item: item, continuation: $0)) }
    }

    /// Spends waiting now, for the metrics.
    var waiting: Int { lanes.reduce(0) { $0 + $1.figures.waiting } }

    var figures: SpendFigures {
        lanes.map(\.figures).reduce(into: SpendFigures()) { sum, lane in
            sum.waiting += lane.waiting
            sum.decided += lane.decided
            sum.batches += lane.batches
            sum.lastBatch = max(sum.lastBatch, lane.lastBatch)
        }
    }
}

struct WaitingSpend: Sendable {
    let item: SpendItem
    let continuation: CheckedContinuation<Answer, any Error>
}

/// One lane: at most one batch of it is being decided.
final class SpendLane: Sendable {
    private struct State {
        var waiting: [WaitingSpend] = []
        var isBusy = false
        var figures = SpendFigures()
    }
    private let state = Mutex(State())
    private let pool: Pool
    private let clock: @Sendable () -> Date
    private let faults: FaultLog

    init(pool: Pool, clock: @escaping @Sendable () -> Date, faults: FaultLog) {
        self.pool = pool
        self.clock = clock
        self.faults = faults
    }

    var figures: SpendFigures {
        state.withLock { state in
            var figures = state.figures
            figures.waiting = state.waiting.count
            return figures
        }
    }

    func add(_ spend: WaitingSpend) {
        enum Step { case start, wait, refuse }
        let step: Step = state.withLock { state in
            guard state.waiting.count < SpendLanes.waitingMax else { return .refuse }
            state.waiting.append(spend)
            if state.isBusy { return .wait }
            state.isBusy = true
            return .start
        }
        switch step {
        case .start: Task { await self.drain() }
        case .wait: break
        case .refuse: spend.continuation.resume(throwing: PostgresError(.poolFull))
        }
    }

    private func drain() async {
        while let batch = takeBatch() { await decide(batch) }
    }

    /// What waits, in order; a second spend under the same key stays for the next batch, where it finds the first one's answer.
    private func takeBatch() -> [WaitingSpend]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            var batch: [WaitingSpend] = []
            var rest: [WaitingSpend] = []
            var keys: Set<SpendKey> = []
            for spend in state.waiting {
                if batch.count < SpendLanes.batchMax, keys.insert(SpendKey(spend.item)).inserted {
                    batch.append(spend)
                } else {
                    rest.append(spend)
                }
            }
            state.waiting = rest
            state.figures.batches += 1
            state.figures.decided += batch.count
            state.figures.lastBatch = batch.count
            return batch
        }
    }

    private func decide(_ batch: [WaitingSpend]) async {
        let items = batch.map(\.item)
        let now = Timestamp.rounded(clock())
        do {
            let answers = try await pool.transaction { try SpendBatch(items, now: now).decide($0) }
            faults.worked(writing: true)
            for (spend, answer) in zip(batch, answers) { spend.continuation.resume(returning: answer) }
        } catch let error as PostgresError where batch.count > 1 && error.kind == .server && StoreFault(error) == nil {
            // One item broke a rule of the database: the others must not suffer.
            for spend in batch { await decide([spend]) }
        } catch {
            for spend in batch { spend.continuation.resume(throwing: error) }
        }
    }
}

private struct SpendKey: Hashable {
    let shop: ShopID
    let key: IdempotencyKey

    init(_ item: SpendItem) {
        shop = item.shop
        key = item.key
    }
}
