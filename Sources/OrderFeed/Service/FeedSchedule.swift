import Domain
import FoundationEssentials
import Store

/// What is due for a shop, and when it is worth looking again.
struct FeedSchedule: Sendable {
    let shop: Shop
    let configuration: FeedConfiguration

    /// Nil when nothing is.
    func due(_ state: FeedState, store: Store) async throws -> FeedPass.Scope? {
        let now = store.clock()
        if isPassDue(state, now: now) { return .whole }
        if state.rematchAfter != nil { return .stored }
        guard state.failures == 0 else { return nil }
        switch shop.feedKind {
        case .rest: if try await !store.waitingHints(shop.id, limit: 1).isEmpty { return .named }
        case .deliveries: if try await !store.waitingDeliveries(shop.id, limit: 1).isEmpty { return .named }
        }
        // A long sweep makes room for the next pass, and goes on after it.
        return isSweepDue(state, now: now) ? .sweep(until: .now + .seconds(shop.pollSeconds)) : nil
    }

    /// Seconds; never so long that the lease could end.
    func pause(_ state: FeedState, now: Date) -> Double {
        let due = [state.nextPassAt, requestedPassDue(state)].compactMap { $0 }.map { $0.timeIntervalSince(now) }.min() ?? 0
        return min(max(due, 0.01), configuration.leaseSeconds / 3)
    }

    private func isPassDue(_ state: FeedState, now: Date) -> Bool {
        if let requested = requestedPassDue(state), requested <= now { return true }
        return state.nextPassAt.map { $0 <= now } ?? true
    }

    /// A pass that somebody asked for ignores backoff, but waits out a short Retry-After.
    private func requestedPassDue(_ state: FeedState) -> Date? {
        guard state.isPassRequested, let requestedAt = state.passRequestedAt else { return nil }
        guard let retryAfter = state.retryAfter, retryAfter.timeIntervalSince(requestedAt) <= configuration.retryAfterWaitSecondsMax else {
            return .distantPast
        }
        return retryAfter
    }

    private func isSweepDue(_ state: FeedState, now: Date) -> Bool {
        if state.isSweepRequested || state.sweepAfter != nil { return true }
        guard let last = [state.sweepStartedAt, state.importedAt].compactMap({ $0 }).max() else { return false }
        return last < slot(before: now)
    }

    /// The last moment at which this shop's daily sweep was due; shops are spread over the day by their ids.
    private func slot(before now: Date) -> Date {
        let interval = configuration.sweepIntervalSeconds
        let spread = UInt64(bitPattern: shop.id.rawValue) &* 0x9E37_79B9_7F4A_7C15
        let offset = Double(spread >> 11) / Double(1 << 53) * interval
        let whole = ((now.timeIntervalSince1970 - offset) / interval).rounded(.down)
        return Date(timeIntervalSince1970: whole * interval + offset)
    }
}
