import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Does the chores of `Store/Upkeep` for as long as the program runs. Any number of daemons may: rows that one works on the others skip.
final class UpkeepService: Service {
    /// How often each chore looks for work, in seconds.
    struct Intervals: Sendable {
        var settle = 5.0
        /// Who left, and how long calls have run.
        var desk = 5.0
        var notices = 60.0
        var retention = 3_600.0
        /// The longest pause after failures; it starts at the chore's own interval and doubles.
        var failurePauseMax = 300.0
    }

    private struct Chore: Sendable {
        let name: String
        let every: Double
        let batch: Int
        let work: @Sendable () async throws -> Int
    }

    private let chores: [Chore]
    private let failurePauseMax: Double
    private let faults: FaultLog
    private let logger: Logger
    private let done = Mutex<[String: Int]>([:])

    init(store: Store, intervals: Intervals = Intervals(), logger: Logger) {
        self.logger = logger
        faults = store.faults
        failurePauseMax = intervals.failurePauseMax
        var chores = [
            Chore(name: "settle", every: intervals.settle, batch: Store.settleCountersMax) { try await store.settleDue() },
            Chore(name: "expiry-notices", every: intervals.notices, batch: Store.noticesMax) { try await store.notifyExpiring() },
        ]
        chores.append(Chore(name: "totals", every: intervals.notices, batch: 1) { try await store.foldLedger() })
        chores.append(Chore(name: "presence", every: intervals.desk, batch: Store.presenceSweepMax) { try await store.sweepPresence() })
        chores.append(Chore(name: "calls", every: intervals.desk, batch: .max) { try await store.sweepCalls() })
        chores.append(Chore(name: "erased", every: intervals.retention, batch: Store.erasedMax) { try await store.forgetAgain() })
        for retention in Retention.allCases {
            chores.append(
                Chore(name: retention.rawValue, every: intervals.retention, batch: Retention.rowsMax) { try await store.deleteExpired(retention) })
        }
        self.chores = chores
    }

    /// Rows worked on by each chore since the start, for metrics.
    var figures: [String: Int] { done.withLock { $0 } }

    /// Runs until the service group shuts down or the task is cancelled.
    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for chore in self.chores { group.addTask { await self.keepDoing(chore) } }
            }
        }
    }

    private func keepDoing(_ chore: Chore) async {
        var pause = chore.every
        var hasFailed = false
        repeat {
            do {
                try await finish(chore)
                (pause, hasFailed) = (chore.every, false)
            } catch {
                if Task.isCancelled { return }
                if !hasFailed { tell(error, chore) }
                pause = hasFailed ? min(max(failurePauseMax, chore.every), pause * 2) : chore.every
                hasFailed = true
            }
        } while (try? await Task.sleep(for: .seconds(pause))) != nil
    }

    /// Batch after batch until one is not full.
    private func finish(_ chore: Chore) async throws {
        while true {
            let count = try await chore.work()
            done.withLock { $0[chore.name, default: 0] += count }
            if count < chore.batch { return }
        }
    }

    /// One line for each time that a chore begins to fail; the database's faults have theirs in common with everybody else.
    private func tell(_ error: any Error, _ chore: Chore) {
        if faults.met(error) { return }
        logger.error("a chore could not be done", metadata: ["chore": "\(chore.name)", "error": "\(error)"])
    }
}
