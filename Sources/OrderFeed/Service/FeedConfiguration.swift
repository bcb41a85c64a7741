import Curl
import FoundationEssentials

/// How feeds read. Every number is a limit; what is random is handed in.
public struct FeedConfiguration: Sendable {
    /// What the shop's log shows.
    public var userAgent = "SupportMeter"
    /// Of one request to a shop.
    public var limits = TransferLimits()
    /// Requests to one shop at a time.
    public var connectionsMax = 2
    /// How long a lease holds without being renewed; renewed at a third of it.
    public var leaseSeconds = 15.0
    /// The pause after the first failed pass; it doubles with each further one, with jitter.
    public var backoffSecondsMin = 5.0
    public var backoffSecondsMax = 900.0
    /// How often new, changed and retired shops are looked for.
    public var shopsSeconds = 2.0
    /// Between two daily sweeps of a shop.
    public var sweepIntervalSeconds = 86_400.0
    /// How long a pass by hand waits for the process that holds the lease.
    public var passWaitSecondsMax = 60.0
    /// The same for a sweep by hand, which re-reads every order.
    public var sweepWaitSecondsMax = 3600.0
    /// The longest Retry-After that a pass by hand waits out.
    public var retryAfterWaitSecondsMax = 10.0
    /// Deliveries asked of a relay at a time.
    public var deliveriesPageSize = 100
    /// Pages of a relay that one pass reads.
    public var deliveriesPagesMax = 10_000
    /// A number of 0..<1, for jitter.
    public var random: @Sendable () -> Double = { Double.random(in: 0..<1) }
    /// An OAuth nonce; never the same twice.
    public var nonce: @Sendable () -> String = { UUID().uuidString.replacing("-", with: "") }

    public init() {}
}
