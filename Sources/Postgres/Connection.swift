import CPostgres
import Logging

/// One session with the server. Lives on the serial queue of its place in the pool and is given to closures that run there.
///
/// It is not `Sendable`: a connection that leaves its closure does not compile. Every call blocks that queue's own thread, never one of
/// Swift's cooperative threads.
@safe public final class Connection {
    let raw: OpaquePointer
    private let notices: NoticeSink
    let cancelHandle: CancelHandle
    var statements: StatementCache

    /// The exported snapshot that all is read from here; nil but in a pool of one moment.
    let snapshot: String?

    /// The work that uses the connection now, which may be cancelled.
    var job: Job?

    /// The last refusal of the server in this transaction; what COMMIT reports when the body swallowed it.
    var lastFailure: PostgresError?

    /// True when the last row of a COPY has been read; libpq must not be asked for another.
    var isCopyAtEnd = false

    /// True when a statement of the cache was refused because the server forgot or outgrew it, until the cache is emptied.
    var hasStaleStatements = false

    init(adopting raw: OpaquePointer, statementsMax: Int, snapshot: String? = nil, logger: Logger) {
        unsafe self.raw = unsafe raw
        self.snapshot = snapshot
        notices = NoticeSink(logger: logger)
        cancelHandle = unsafe CancelHandle(raw)
        statements = StatementCache(statementsMax: statementsMax)
        unsafe notices.attach(to: raw)
    }

    deinit {
        cancelHandle.retire()
        unsafe PQfinish(raw)
    }

    /// All rows, each decoded as it is read. Throws `PostgresError`, or what `decode` throws.
    public func query<T>(_ sql: SQL, _ decode: (inout Row) throws -> T) throws -> [T] {
        let result = try run(sql)
        var values: [T] = []
        values.reserveCapacity(Int(result.rowCount))
        for index in 0..<result.rowCount {
            var row = Row(result, index: index)
            values.append(try decode(&row))
        }
        return values
    }

    /// The only row, or nil when there is none. Throws `.protocol` when there are more: a statement that may find several says LIMIT 1.
    public func queryOne<T>(_ sql: SQL, _ decode: (inout Row) throws -> T) throws -> T? {
        let result = try run(sql)
        guard result.rowCount > 0 else { return nil }
        guard result.rowCount == 1 else {
            throw PostgresError(.protocol, "one row was expected and \(result.rowCount) came", statement: sql.text)
        }
        var row = Row(result, index: 0)
        return try decode(&row)
    }

    /// Runs a statement for its effect and returns how many rows it changed (or returned).
    @discardableResult
    public func execute(_ sql: SQL) throws -> Int {
        try run(sql).affectedRows
    }

    /// Runs several statements in one go, for migrations. Takes no parameters; throws the first refusal, after which the rest did not run.
    public func executeScript(_ text: String) throws {
        _ = try simple(text)
    }

    /// Process id of the server's backend, as `pg_stat_activity.pid` shows it.
    public var backendPID: Int32 { unsafe PQbackendPID(raw) }

    var isLost: Bool { unsafe PQstatus(raw) != CONNECTION_OK }
    var isOutsideTransaction: Bool { unsafe PQtransactionStatus(raw) == PQTRANS_IDLE }
}
