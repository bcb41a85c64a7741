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
        try await withCheckedThrowingContinuation { continuation in
            lane(of: item).add([WaitingSpend(item: item) { continuation.resume(with: $0) }])
        }
    }

    /// Many at once; the outcomes in the order of the items.
    func spend(_ items: [SpendItem]) async -> [Result<Answer, any Error>] {
        guard !items.isEmpty else { return [] }
        return await withCheckedContinuation { continuation in
            let outcomes = SpendOutcomes(count: items.count, continuation)
            var waiting = [[WaitingSpend]](repeating: [], count: lanes.count)
            for (place, item) in items.enumerated() {
                waiting[laneIndex(of: item)].append(WaitingSpend(item: item) { outcomes.set($0, at: place) })
            }
            for (lane, spends) in zip(lanes, waiting) where !spends.isEmpty { lane.add(spends) }
        }
    }

    private func laneIndex(of item: SpendItem) -> Int { Int(UInt64(bitPattern: item.ticket.rawValue) % UInt64(lanes.count)) }
    private func lane(of item: SpendItem) -> SpendLane { lanes[laneIndex(of: item)] }

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

/// A spend, and who waits for its outcome; told once.
struct WaitingSpend: Sendable {
    let item: SpendItem
    let tell: @Sendable (Result<Answer, any Error>) -> Void
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

    func add(_ spends: [WaitingSpend]) {
        let (refused, isStarting) = state.withLock { state in
            let room = max(0, SpendLanes.waitingMax - state.waiting.count)
            state.waiting.append(contentsOf: spends.prefix(room))
            let isStarting = !state.isBusy && !state.waiting.isEmpty
            state.isBusy = state.isBusy || isStarting
            return (spends.dropFirst(room), isStarting)
        }
        for spend in refused { spend.tell(.failure(PostgresError(.poolFull))) }
        if isStarting { Task { await self.drain() } }
    }

    private func drain() async {
        while let batch = takeBatch() { await decide(batch) }
    }

    /// What waits, in order. A second spend under the same key stays for the next batch, where it finds the first one's answer, and so does a
    /// spend on another channel of the same ticket: an answer shows them all.
    private func takeBatch() -> [WaitingSpend]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isBusy = false
                return nil
            }
            var batch: [WaitingSpend] = []
            var rest: [WaitingSpend] = []
            var keys: Set<SpendKey> = []
            var channels: [TicketKey: Channel] = [:]
            for spend in state.waiting {
                if batch.count < SpendLanes.batchMax, channels[spend.item.ticketKey, default: spend.item.channel] == spend.item.channel,
                    keys.insert(spend.item.spendKey).inserted
                {
                    channels[spend.item.ticketKey] = spend.item.channel
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

    /// First all that fits into one statement, then the rest. Who is answered by the first is told on the connection's own queue, as soon as the
    /// statement has returned: it is committed then, and every hop between threads costs a lone spend dear.
    private func decide(_ batch: [WaitingSpend]) async {
        let now = Timestamp.rounded(clock())
        let items = batch.map(\.item)
        var rest = batch
        do {
            rest = try await pool.write { connection in
                let answers = try SpendAtOnce(items, now: now).decide(connection)
                return zip(batch, answers).compactMap { spend, answer in
                    guard let answer else { return spend }
                    spend.tell(.success(answer))
                    return nil
                }
            }
            faults.worked(writing: true)
        } catch {
            // A key that is being decided elsewhere, or one spend that broke a rule of the database: the others must not suffer.
            guard SpendLane.concernsOne(error) else { return fail(batch, error) }
        }
        if !rest.isEmpty { await decideEach(rest, now: now) }
    }

    private func decideEach(_ batch: [WaitingSpend], now: Date) async {
        let items = batch.map(\.item)
        do {
            let answers = try await pool.keyedTransaction { try SpendEach(items, now: now).decide($0) }
            faults.worked(writing: true)
            for (spend, answer) in zip(batch, answers) { spend.tell(.success(answer)) }
        } catch where batch.count > 1 && SpendLane.concernsOne(error) {
            for spend in batch { await decideEach([spend], now: now) }
        } catch {
            fail(batch, error)
        }
    }

    private func fail(_ batch: [WaitingSpend], _ error: any Error) {
        for spend in batch { spend.tell(.failure(error)) }
    }

    private static func concernsOne(_ error: any Error) -> Bool {
        guard let error = error as? PostgresError else { return false }
        return error.kind == .server && StoreFault(error) == nil
    }
}

/// The outcomes of spends that were handed over together.
private final class SpendOutcomes: Sendable {
    private struct State {
        var outcomes: [Result<Answer, any Error>?]
        var missing: Int
    }
    private let state: Mutex<State>
    private let continuation: CheckedContinuation<[Result<Answer, any Error>], Never>

    init(count: Int, _ continuation: CheckedContinuation<[Result<Answer, any Error>], Never>) {
        state = Mutex(State(outcomes: Array(repeating: nil, count: count), missing: count))
        self.continuation = continuation
    }

    func set(_ outcome: Result<Answer, any Error>, at place: Int) {
        let all = state.withLock { state -> [Result<Answer, any Error>]? in
            state.outcomes[place] = outcome
            state.missing -= 1
            return state.missing == 0 ? state.outcomes.compactMap { $0 } : nil
        }
        if let all { continuation.resume(returning: all) }
    }
}
