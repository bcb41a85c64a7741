/// How long and how much a request may take. Every way of exceeding one has its own `HTTPFailure.Reason`.
public struct TransferLimits: Sendable, Hashable {
    /// Seconds for name resolution, TCP and TLS of one connection; beyond it `.timeoutConnecting`.
    public var connectSecondsMax: Double

    /// Seconds from `send` to the last byte, redirects and the wait for a free place included; beyond it `.timeoutTotal`.
    public var totalSecondsMax: Double

    /// A transfer slower than this many bytes per second for `lowSpeedSecondsMax` ends with `.tooSlow`. Waiting for the
    /// first byte of the answer counts as slow. 0 switches the rule off.
    public var lowSpeedBytesPerSecond: Int

    /// Whole seconds; 0 switches the rule off.
    public var lowSpeedSecondsMax: Int

    /// Bytes of the decoded body; beyond it `.bodyTooLarge`.
    public var bodyBytesMax: Int

    /// Bytes of all header lines, those of redirects and trailers included; beyond it `.headersTooLarge`. libcurl by itself
    /// takes no line over 100 KiB and no answer with more than 300 KiB of headers.
    public var headerBytesMax: Int

    /// How many redirects a GET follows; one more is `.tooManyRedirects`. With 0, and for every other method, none is
    /// followed and the 3xx is the answer: a body is never sent to an address that the caller did not name.
    public var redirectsMax: Int

    public init(
        connectSecondsMax: Double = 10, totalSecondsMax: Double = 60, lowSpeedBytesPerSecond: Int = 10,
        lowSpeedSecondsMax: Int = 30, bodyBytesMax: Int = 32 << 20, headerBytesMax: Int = 256 << 10, redirectsMax: Int = 3
    ) {
        self.connectSecondsMax = connectSecondsMax
        self.totalSecondsMax = totalSecondsMax
        self.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
        self.lowSpeedSecondsMax = lowSpeedSecondsMax
        self.bodyBytesMax = bodyBytesMax
        self.headerBytesMax = headerBytesMax
        self.redirectsMax = redirectsMax
    }
}
