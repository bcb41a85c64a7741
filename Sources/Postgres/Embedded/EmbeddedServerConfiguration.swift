/// Where a private PostgreSQL lives and how it behaves.
public struct EmbeddedServerConfiguration: Sendable {
    /// The folder of everything: `data`, `socket`, `postgres.log` and `supportmeter.lock`. Made when it is missing.
    public var folder: String

    /// The database of `connectionString`, made at the first start, and the role that owns it.
    public var databaseName = "supportmeter"

    /// Connections that the server admits.
    public var connectionsMax = 40

    /// Megabytes of `shared_buffers`; nil takes an eighth of the memory, 32 at least and 1,024 at most.
    public var sharedMegabytes: Int?

    /// False only for throw-away servers of tests: a power failure may then destroy the data.
    public var isDurable = true

    /// How long a start may take, crash recovery included.
    public var startSecondsMax = 120.0

    /// How long a fast shutdown may take before it becomes an immediate one.
    public var stopSecondsMax = 30.0

    /// The log is begun anew at a start that finds it larger than this.
    public var logBytesMax = 10_000_000

    /// Further settings of the server, in the words of `postgresql.conf`.
    public var settings: [String: String] = [:]

    public init(folder: String) {
        self.folder = folder
    }
}
