import Domain
import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Delivers the outbox to the hooks that want it, for as long as the program runs.
///
/// Woken by NOTIFY, by the end of an attempt, and every `pollSeconds` besides. Each hook has its own few places, so a dead receiver holds up
/// nobody else. A database that is away is told once in the log and asked again; what was being sent then is sent again.
public final class HookService: Service {
    private let store: Store
    private let deliverer: HookDeliverer
    private let limits: HookLimits
    private let logger: Logger
    private let busy = Mutex<[HookID: Int]>([:])

    public init(store: Store, sender: HookSender, limits: HookLimits = HookLimits(), logger: Logger) {
        self.store = store
        deliverer = HookDeliverer(store: store, sender: sender, logger: logger)
        self.limits = limits
        self.logger = logger
    }

    /// Runs until the service group shuts down, and then waits for the attempts under way (`attemptSecondsMax` each). A cancelled task does
    /// not wait: what was being sent is sent again by whoever comes next.
    public func run() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.relaySignals(to: wake) }
            group.addTask { await self.tick(wake) }
            await withTaskCancellationOrGracefulShutdownHandler {
                await self.deliver(wakes, wake)
            } onCancelOrGracefulShutdown: {
                wake.finish()
            }
            group.cancelAll()
        }
        await deliverer.sender.shutdown()
    }

    private func relaySignals(to wake: AsyncStream<Void>.Continuation) async {
        for await _ in store.outboxSignals() { wake.yield() }
    }

    private func tick(_ wake: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: .seconds(limits.pollSeconds))) != nil { wake.yield() }
    }

    private func deliver(_ wakes: AsyncStream<Void>, _ wake: AsyncStream<Void>.Continuation) async {
        var hasFailed = false
        await withDiscardingTaskGroup { attempts in
            for await _ in wakes {
                do {
                    try await self.pass { attempt in attempts.addTask { await self.make(attempt, then: wake) } }
                    hasFailed = false
                } catch {
                    if !self.store.faults.met(error), !hasFailed { self.logger.error("outgoing webhooks wait for the database", metadata: ["error": "\(error)"]) }
                    hasFailed = true
                }
            }
        }
    }

    /// Fans out what waits and starts what is due and has a place.
    private func pass(_ start: (HookAttempt) -> Void) async throws {
        while try await store.fanOut() == Store.fanOutMax {}
        while true {
            let busy = busy.withLock { $0 }
            let free = limits.attemptsMax - busy.values.reduce(0, +)
            guard free > 0 else { return }
            let attempts = try await store.claimHookDeliveries(limit: min(free, Self.claimMax), perHook: limits.perHookMax, busy: busy)
            self.busy.withLock { busy in for attempt in attempts { busy[attempt.hook, default: 0] += 1 } }
            for attempt in attempts { start(attempt) }
            if attempts.count < Self.claimMax { return }
        }
    }

    /// Deliveries claimed in one transaction.
    private static let claimMax = 32

    private func make(_ attempt: HookAttempt, then wake: AsyncStream<Void>.Continuation) async {
        defer {
            busy.withLock { busy in
                let count = (busy[attempt.hook] ?? 1) - 1
                busy[attempt.hook] = count > 0 ? count : nil
            }
            wake.yield()
        }
        do {
            try await deliverer.make(attempt)
        } catch {
            logger.warning(
                "what became of an outgoing webhook is not known; it will be sent again",
                metadata: ["shop": "\(attempt.shop)", "delivery": "\(attempt.delivery)", "error": "\(error)"])
        }
    }
}
