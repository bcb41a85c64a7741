import FoundationEssentials

/// When a failed delivery is tried again: after 5 s, 10 s, 20 s, ... up to an hour, each jittered, until 24 hours are over.
struct HookRetry: Sendable {
    let limits: HookLimits
    /// A number from 0 to 1, drawn anew each time; handed in, so that a test can fix it.
    let random: @Sendable () -> Double

    /// Nil when the delivery is given up. `attempt` counts from 1; `retryAfter` is the receiver's own word, in seconds.
    func next(attempt: Int, cycleAt: Date, now: Date, retryAfter: Double?) -> Date? {
        let doubled = limits.pauseSecondsMin * Double(1 << min(max(attempt - 1, 0), 30))
        let pause = min(limits.pauseSecondsMax, doubled) * (0.5 + 0.5 * random())
        let asked = min(limits.pauseSecondsMax, max(0, retryAfter ?? 0))
        let next = now.addingTimeInterval(max(pause, asked))
        return next.timeIntervalSince(cycleAt) <= limits.retrySecondsMax ? next : nil
    }
}
