/// What a pool is doing and has done; for metrics.
public struct PoolStatistics: Sendable, Equatable {
    /// Connections that are open now.
    public var open = 0
    /// Places of the pool that nobody uses now and that have been used before; their connections are open unless they were lost.
    public var idle = 0
    /// Places that work now.
    public var busy = 0
    /// Callers that wait for a connection now.
    public var waiting = 0

    /// Totals since the pool was made.
    public var workTotal = 0
    public var connectedTotal = 0
    public var connectFailedTotal = 0
    public var connectionsLostTotal = 0
    public var retriedTotal = 0
    public var waitedTotal = 0
    public var waitTimeoutTotal = 0
    public var refusedFullTotal = 0
    public var cancelledTotal = 0
}
