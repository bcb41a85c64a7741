/// The limits of sending outgoing webhooks, in one place.
public struct HookLimits: Sendable {
    /// Seconds from the first byte sent to the last one received; beyond it the attempt has failed.
    public var attemptSecondsMax = 10.0
    /// Bytes of an answer that are read at all.
    public var answerBytesMax = 64 * 1024
    /// Characters of an answer that are kept beside a failed attempt.
    public var excerptCharactersMax = 120
    /// Attempts that one daemon has under way to one hook. A hook whose last attempt failed gets one.
    public var perHookMax = 4
    /// Attempts that one daemon has under way in all. Far more than hooks that hang at a time, so that nobody waits behind them.
    public var attemptsMax = 256
    /// How long after its first attempt a delivery is given up.
    public var retrySecondsMax = 24.0 * 3600
    /// The pause after the first failed attempt; each further one is twice as long.
    public var pauseSecondsMin = 5.0
    /// The longest pause, also of a receiver's own `Retry-After`.
    public var pauseSecondsMax = 3600.0
    /// How often the outbox is looked at without having been notified.
    public var pollSeconds = 5.0

    public init() {}
}
