/// What one credit of an entry adds to each figure of a counter: -1, 0 or 1. `remaining` follows from the others.
public struct CounterEffect: Hashable, Sendable {
    public let granted: Int64
    public let used: Int64
    public let held: Int64
    public let expired: Int64
    public let revoked: Int64

    public init(granted: Int64 = 0, used: Int64 = 0, held: Int64 = 0, expired: Int64 = 0, revoked: Int64 = 0) {
        self.granted = granted
        self.used = used
        self.held = held
        self.expired = expired
        self.revoked = revoked
    }

    /// What one credit adds to what is left to spend.
    public var remaining: Int64 { granted - used - held - expired - revoked }
}
