import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// Sends what agents wrote, for as long as the program runs.
///
/// Woken by NOTIFY, by the end of an attempt, and every `pollSeconds` besides. Any number of daemons may: what one has claimed the others skip.
public final class SenderService: Service {
    private let store: Store
    private let provider: any MessageProvider
    private let sender: MessageSender
    private let limits: SendLimits
    private let logger: Logger
    private let busy = Atomic<Int>(0)

    public init(store: Store, provider: any MessageProvider, limits: SendLimits = SendLimits(), logger: Logger) {
        self.store = store
        self.provider = provider
        self.limits = limits
        self.logger = logger
        sender = MessageSender(store: store, provider: provider, limits: limits, logger: logger)
    }

    /// Runs until the service group shuts down, and then waits for the attempts under way.
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
    }

    private func relaySignals(to wake: AsyncStream<Void>.Continuation) async {
        for await _ in store.sendSignals() { wake.yield() }
    }

    private func tick(_ wake: AsyncStream<Void>.Continuation) async {
        while (try? await Task.sleep(for: .seconds(limits.pollSeconds))) != nil { wake.yield() }
    }

    private func deliver(_ wakes: AsyncStream<Void>, _ wake: AsyncStream<Void>.Continuation) async {
        var hasFailed = false
        var isAnnounced = false
        await withDiscardingTaskGroup { attempts in
            for await _ in wakes {
                do {
                    if !isAnnounced { try await self.announce() }
                    isAnnounced = true
                    try await self.pass { claim in attempts.addTask { await self.make(claim, then: wake) } }
                    hasFailed = false
                } catch {
                    if !self.store.faults.met(error), !hasFailed { self.logger.error("messages wait for the database", metadata: ["error": "\(error)"]) }
                    hasFailed = true
                }
            }
        }
    }

    /// Pages say who delivers.
    private func announce() async throws {
        for channel in ["email", "sms"] { try await store.setProvider(channel: channel, kind: provider.kind, place: provider.place) }
    }

    private func pass(_ start: (SendClaim) -> Void) async throws {
        while true {
            let free = limits.sendingMax - busy.load(ordering: .relaxed)
            guard free > 0 else { return }
            let claims = try await store.claimMessages(limit: free)
            busy.add(claims.count, ordering: .relaxed)
            for claim in claims { start(claim) }
            if claims.count < free { return }
        }
    }

    private func make(_ claim: SendClaim, then wake: AsyncStream<Void>.Continuation) async {
        defer {
            busy.subtract(1, ordering: .relaxed)
            wake.yield()
        }
        do {
            try await sender.make(claim)
        } catch {
            logger.warning(
                "what became of a message is not known; it will be sent again",
                metadata: ["shop": "\(claim.shop)", "message": "\(claim.message)", "error": "\(error)"])
        }
    }
}
