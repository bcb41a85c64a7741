/// What went wrong with the database, with a safe face and a full face.
///
/// `description` is safe everywhere, also in an answer to a stranger: kind, SQLSTATE and names of constraints and columns, never a value,
/// a connection string or a password. `debugDescription` is for our own logs: it adds PostgreSQL's message, detail, hint and the
/// statement's text, but never the values bound to it.
public struct PostgresError: Error, Sendable {
    /// Which part failed, and so who can do something about it.
    public enum Kind: String, Sendable {
        /// The server is not reachable or the connection was lost.
        case connection
        /// The server refused the statement; `sqlState` says why.
        case server
        /// The server, or a caller, did something this library does not expect (a COPY where rows were asked for, too many rows).
        case `protocol`
        /// No connection became free within `waitSecondsMax`.
        case poolTimeout
        /// `waitersMax` callers were waiting already.
        case poolFull
        /// The pool was shut down.
        case poolClosed
        /// The task was cancelled while it waited or while its statement ran.
        case cancelled
        /// A column was not what the caller reads it as.
        case decoding
        /// A parameter cannot be sent: text with a NUL byte, or too many parameters.
        case encoding
        /// The connection URL or a limit is not usable.
        case configuration
        /// The embedded server could not be prepared, started or stopped.
        case embeddedServer
    }

    public var kind: Kind
    /// Five characters; source: PostgreSQL manual, appendix A.
    public var sqlState: String?
    public var constraint: String?
    /// `schema.table` or the table alone, when the server names one.
    public var table: String?
    public var column: String?
    /// True when COMMIT was sent and the connection was lost before the answer: the transaction may or may not have happened.
    public var outcomeUnknown = false

    /// A sentence without values that is part of the safe face.
    public var summary: String?

    /// The rest is for the full face only, because PostgreSQL's own words may quote values.
    public var message: String?
    public var detail: String?
    public var hint: String?
    /// Where in the statement's text, counted in characters from 1.
    public var position: Int?
    public var statement: String?

    /// An error of one's own: `summary` is safe to show, `message` is not.
    public init(_ kind: Kind, _ summary: String? = nil, message: String? = nil, statement: String? = nil) {
        self.kind = kind
        self.summary = summary
        self.message = message
        self.statement = statement
    }
}

extension PostgresError {
    /// The transaction lost against a concurrent one and may be run again as a whole.
    public var isSerializationFailure: Bool { sqlState == "40001" || sqlState == "40P01" }
    public var isUniqueViolation: Bool { sqlState == "23505" }
    public var isForeignKeyViolation: Bool { sqlState == "23503" }
    public var isCheckViolation: Bool { sqlState == "23514" }
    /// `FOR UPDATE NOWAIT` or `lock_timeout` found the row locked.
    public var isLockNotAvailable: Bool { sqlState == "55P03" }
    /// `statement_timeout` ran out; a cancelled task is of the kind `.cancelled` instead.
    public var isStatementTimeout: Bool { sqlState == "57014" && kind == .server }
    public var isCancelled: Bool { kind == .cancelled }
    /// The connection is gone, or was never made.
    public var isConnectionLost: Bool { kind == .connection }

    /// The server has no room: 53100, an I/O error (58030), or the words of a FATAL or PANIC that carries no such SQLSTATE.
    public var isDiskFull: Bool {
        sqlState == "53100" || sqlState == "58030"
            || [message, detail].contains { $0?.contains("No space left on device") == true }
    }
}
