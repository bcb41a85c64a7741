import FoundationEssentials

/// The limits of sending messages, in one place.
public struct SendLimits: Sendable {
    /// Messages that one daemon has under way.
    public var sendingMax = 16
    /// How long a provider may take; beyond it the attempt has failed.
    public var attemptSecondsMax = 20.0
    /// How often the messages are looked at without having been notified.
    public var pollSeconds = 5.0
    /// The pause after the first failed attempt; each further one is twice as long, each jittered.
    public var pauseSecondsMin = 5.0
    public var pauseSecondsMax = 600.0
    /// How long after it was written a message is given up.
    public var retrySecondsMax = 24.0 * 3_600

    public init() {}

    /// When to try again; nil when it is given up. `attempt` counts from 1, `random` is from 0 to 1.
    func next(attempt: Int, createdAt: Date, now: Date, random: Double) -> Date? {
        let doubled = pauseSecondsMin * Double(1 << min(max(attempt - 1, 0), 30))
        let next = now.addingTimeInterval(min(pauseSecondsMax, doubled) * (0.5 + 0.5 * random))
        return next.timeIntervalSince(createdAt) <= retrySecondsMax ? next : nil
    }
}
