/// Where the database is and how much of it a pool may take.
public struct PoolConfiguration: Sendable {
    /// A URL (`postgresql://user:password@host:5432/name?...`) or a libpq connection string (`host=... dbname=...`).
    ///
    /// Goes to libpq in memory only: never to an argument of a process, an error or a log.
    public var connectionString: String

    /// Connections at most. Four to eight serve best; more lose throughput (`performance.md`).
    public var connectionsMax = 6

    /// Callers that may wait for a connection; one more is refused with `.poolFull`.
    public var waitersMax = 10_000

    /// How long a caller waits for a connection before `.poolTimeout`.
    public var waitSecondsMax = 5.0

    /// How long one attempt to connect may take, a server that is starting up included. libpq counts whole seconds, at least 2.
    public var connectSecondsMax = 5

    /// `statement_timeout` of every session; nil leaves the server's own.
    public var statementSecondsMax: Double?

    /// What `pg_stat_activity` shows.
    public var applicationName = "supportmeter"

    /// How often a transaction is run again after 40001 or 40P01.
    public var retriesMax = 5

    /// The longest pause before running it again; pauses start at a few milliseconds, double and are jittered.
    public var retryPauseSecondsMax = 0.25

    /// Prepared statements that a connection remembers; the least recently used one makes room.
    public var preparedStatementsMax = 256

    /// Notifications that a listener which does not read may pile up; older ones are then dropped and `.reconnected` tells it so.
    public var notificationsMax = 1_000

    /// How long a shutdown waits for running work before it is cancelled.
    public var shutdownSecondsMax = 5.0

    /// The exported snapshot that every read begins with; nil but in a pool of one moment (`Pool.atOneMoment`).
    var snapshot: String?

    public init(_ connectionString: String) {
        self.connectionString = connectionString
    }
}
