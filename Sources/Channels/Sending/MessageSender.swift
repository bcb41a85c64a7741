import Foundation
import Logging
import Store

/// Makes one attempt from claim to outcome: the credits are held, the provider is asked, and what it says is written with what it costs.
public struct MessageSender: Sendable {
    private let store: Store
    private let provider: any MessageProvider
    private let limits: SendLimits
    private let logger: Logger
    /// A number from 0 to 1, drawn anew each time; handed in, so that a test can fix it.
    private let random: @Sendable () -> Double

    public init(
        store: Store, provider: any MessageProvider, limits: SendLimits = SendLimits(), logger: Logger,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.store = store
        self.provider = provider
        self.limits = limits
        self.logger = logger
        self.random = random
    }

    /// Throws when the database cannot be asked or told: then the claim lapses and the message is sent again under the same id.
    public func make(_ claim: SendClaim) async throws {
        guard let message = try await store.prepareMessage(claim) else { return }
        let result = await outcome(message)
        if case .accepted = result {} else {
            logger.notice("a message was not sent", metadata: ["shop": "\(claim.shop)", "message": "\(claim.message)", "attempt": "\(claim.attempt)"])
        }
        try await store.finishMessage(claim, result)
    }

    private func outcome(_ message: SendingMessage) async -> SendResult {
        let reason: String
        switch await answer(message) {
        case .accepted(let id): return .accepted(providerID: id)
        case .refused(let why): return .refused(reason: why)
        case .tryAgain(let why): reason = why
        }
        let next = limits.next(attempt: message.claim.attempt, createdAt: message.claim.createdAt, now: store.clock(), random: random())
        return next.map { .later(reason: reason, at: $0) } ?? .refused(reason: "given up after \(Int(limits.retrySecondsMax / 3_600)) hours: \(reason)")
    }

    /// The provider's answer, within its time.
    private func answer(_ message: SendingMessage) async -> ProviderAnswer {
        await withTaskGroup(of: ProviderAnswer?.self) { group in
            group.addTask {
                do {
                    return try await provider.send(message)
                } catch {
                    return .tryAgain(reason: "the provider did not take it")
                }
            }
            group.addTask {
                try? await Task.sleep(for: .seconds(limits.attemptSecondsMax))
                return nil
            }
            defer { group.cancelAll() }
            return (await group.next() ?? nil) ?? .tryAgain(reason: "the provider did not answer within \(Int(limits.attemptSecondsMax)) seconds")
        }
    }
}
