import Postgres

/// Why the store could not do its work although nothing was wrong with it, for surfaces that cannot see `Postgres`.
public enum StoreFault: Sendable, Hashable {
    /// The connection was lost during COMMIT.
    case outcomeUnknown
    case diskFull
    case databaseAway
    /// No connection became free, or too many wait.
    case busy
    case shuttingDown

    /// Nil when the error is none of the database's, or a fault of the program.
    public init?(_ error: any Error) {
        guard let error = error as? PostgresError else { return nil }
        if error.outcomeUnknown {
            self = .outcomeUnknown
        } else if error.isDiskFull {
            self = .diskFull
        } else {
            switch error.kind {
            case .connection: self = .databaseAway
            case .poolTimeout, .poolFull: self = .busy
            case .poolClosed, .cancelled: self = .shuttingDown
            case .server:
                guard let fault = StoreFault(sqlState: error.sqlState) else { return nil }
                self = fault
            default: return nil
            }
        }
    }

    /// PostgreSQL manual, appendix A: classes 08 and 57P are a server that leaves, 25006 one that became a standby, 53 one without
    /// resources; 40001, 40P01, 55P03 and 57014 are work that could not get its turn.
    private init?(sqlState: String?) {
        guard let sqlState else { return nil }
        if sqlState.hasPrefix("08") || sqlState.hasPrefix("57P") || sqlState == "25006" {
            self = .databaseAway
        } else if sqlState.hasPrefix("53") || ["40001", "40P01", "55P03", "57014"].contains(sqlState) {
            self = .busy
        } else {
            return nil
        }
    }

    /// True when the error's text is the database's safe face: names and codes, never a value.
    public static func describes(_ error: any Error) -> Bool { error is PostgresError }
}
