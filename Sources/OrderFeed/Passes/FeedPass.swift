import Curl
import Domain
import FoundationEssentials
import Logging
import Store

/// One pass over one shop, under a lease that is held already: reads, and writes down how it went.
struct FeedPass: Sendable {
    /// What a pass reads.
    enum Scope: Sendable {
        /// Everything that is new, until caught up.
        case whole
        /// Only the orders that were named, and what was pushed.
        case named
        /// Nothing of the shop: only what is stored, under plans that have changed.
        case stored
        /// Everything that still counts, again; until the deadline.
        case sweep(until: ContinuousClock.Instant?)

        var isWhole: Bool { if case .whole = self { true } else { false } }
    }

    let reading: ShopReading
    let scope: Scope
    let logger: Logger

    /// How it went, which is also written down. Throws for faults of the database, a lost lease and cancellation only.
    func run(state: FeedState) async throws -> Result<IntakeFigures, FeedFailure> {
        if scope.isWhole { try await reading.store.beginPass(reading.shop.id, owner: reading.owner) }
        let failure = try await read(state)
        try await reading.store.endPass(reading.shop.id, owner: reading.owner, end(failure, state, now: reading.store.clock()))
        return tell(failure)
    }

    /// Reading named orders moves the next whole pass only when it fails.
    private func end(_ failure: FeedFailure?, _ state: FeedState, now: Date) -> FeedPassEnd {
        let backoff = Backoff(configuration: reading.configuration)
        let next: Date
        if let failure {
            next = backoff.next(after: now, failures: state.failures + 1, retryAfterSeconds: failure.retryAfterSeconds)
        } else {
            next = scope.isWhole ? backoff.next(after: now, pollSeconds: reading.shop.pollSeconds) : state.nextPassAt ?? now
        }
        return FeedPassEnd(
            figures: reading.figures.current, error: failure?.sentence, errorKind: failure?.slug, nextPassAt: next,
            retryAfter: failure?.retryAfterSeconds.map { now.addingTimeInterval($0) }, answers: scope.isWhole ? state.passRequestedAt : nil,
            isWhole: scope.isWhole)
    }

    private func read(_ state: FeedState) async throws -> FeedFailure? {
        do {
            if state.rematchAfter != nil { try await RematchPass(reading: reading).run() }
            switch (scope, reading.shop.feedKind) {
            case (.stored, _): break
            case (.whole, .rest): try await RestPass(reading: reading).run(state: state)
            case (.whole, .deliveries): try await DeliveriesPass(reading: reading).run(state: state)
            case (.named, .rest): try await HintPass(reading: reading).run()
            case (.named, .deliveries): try await DeliveriesPass(reading: reading).readPushed()
            case (.sweep(let deadline), _): try await SweepPass(reading: reading).run(until: deadline)
            }
            return nil
        } catch let failure as FeedFailure {
            return failure
        }
    }

    private func tell(_ failure: FeedFailure?) -> Result<IntakeFigures, FeedFailure> {
        let figures = reading.figures.current
        if let failure {
            logger.warning("a shop could not be read", metadata: ["shop": "\(reading.shop.slug)", "reason": "\(failure.slug)", "error": "\(failure)"])
            return .failure(failure)
        }
        logger.debug("a shop was read", metadata: ["shop": "\(reading.shop.slug)", "seen": "\(figures.seen)", "changed": "\(figures.changed)"])
        return .success(figures)
    }
}
