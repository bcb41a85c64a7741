import Foundation
import Logging
import Store

/// Makes one attempt from claim to outcome.
public struct HookDeliverer: Sendable {
    let store: Store
    let sender: HookSender
    private let logger: Logger

    public init(store: Store, sender: HookSender, logger: Logger) {
        self.store = store
        self.sender = sender
        self.logger = logger
    }

    /// Sends a delivery now, for a person who waits for it (`hook test`, `hook redeliver`), and returns it as it then is. When the daemon was
    /// quicker nothing is sent here and its state so far is returned; nil when there is no such delivery.
    public func deliverNow(_ delivery: HookDelivery) async throws -> HookDelivery? {
        if let attempt = try await store.claimHookDelivery(delivery.id, in: delivery.shop) { try await make(attempt) }
        return try await store.hookDelivery(delivery.id, in: delivery.shop)
    }

    /// Sends, and writes how it went. Throws when that cannot be written, or the task is cancelled: then it is sent again later.
    func make(_ attempt: HookAttempt) async throws {
        try await store.finish(attempt, outcome(attempt))
    }

    /// Sends, and tells the log when it was not delivered. Writes nothing.
    public func outcome(_ attempt: HookAttempt) async throws -> HookOutcome {
        let outcome = try await sender.send(attempt, now: store.clock())
        if let error = outcome.error {
            logger.notice(
                "an outgoing webhook was not delivered",
                metadata: [
                    "shop": "\(attempt.shop)", "hook": "\(attempt.hook)", "delivery": "\(attempt.delivery)", "attempt": "\(attempt.number)",
                    "error": "\(error)", "given_up": "\(outcome.nextAt == nil)",
                ])
        }
        return outcome
    }
}
