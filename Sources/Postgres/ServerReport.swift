/// Turns PostgreSQL's error report (manual 55.8) into a `PostgresError`.
enum ServerReport {
    static func error(of result: QueryResult, statement: String?, isConnectionLost: Bool) -> PostgresError {
        let sqlState = result.errorField(.sqlState)
        var error = PostgresError(isConnectionLost || isShutdown(sqlState) ? .connection : .server)
        error.sqlState = sqlState
        error.constraint = result.errorField(.constraint)
        error.table = result.errorField(.table)
        error.column = result.errorField(.column)
        error.message = result.errorField(.message) ?? result.errorMessage
        error.detail = result.errorField(.detail)
        error.hint = result.errorField(.hint)
        error.position = result.errorField(.position).flatMap { Int($0) }
        error.statement = statement
        return error
    }

    /// admin_shutdown, crash_shutdown, cannot_connect_now and connection exceptions end the session, whatever the socket says yet.
    private static func isShutdown(_ sqlState: String?) -> Bool {
        guard let sqlState else { return false }
        return ["57P01", "57P02", "57P03"].contains(sqlState) || sqlState.hasPrefix("08")
    }
}
