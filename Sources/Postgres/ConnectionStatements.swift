import CPostgres

extension Connection {
    /// Runs a prepared statement, preparing it first when this connection does not know it yet.
    ///
    /// A statement that the server forgot (26000) or whose result changed its type under it (0A000) is prepared again and run once more
    /// when nothing is lost by it: outside a transaction. Inside one the transaction has failed, and the pool runs it again as a whole.
    func run(_ sql: SQL) throws -> QueryResult {
        let text = sql.text
        let parameters = try ParameterBuffer(sql.parameters, statement: text)
        do {
            return try runPrepared(text, parameters)
        } catch let error as PostgresError where error.isStaleStatement {
            hasStaleStatements = true
            guard isOutsideTransaction else { throw error }
            try forgetStaleStatements()
            return try runPrepared(text, parameters)
        }
    }

    /// When one statement went stale the others of its table have too, so all are prepared anew at their next use.
    func forgetStaleStatements() throws {
        guard hasStaleStatements else { return }
        statements.forgetAll()
        hasStaleStatements = false
        _ = try simple("DEALLOCATE ALL")
    }

    private func runPrepared(_ text: String, _ parameters: ParameterBuffer) throws -> QueryResult {
        let name = try preparedName(text, parameters)
        try job?.checkpoint()
        let result = unsafe name.withCString { name in
            unsafe parameters.withPointers { values in
                unsafe PQexecPrepared(raw, name, parameters.count, values, nil, nil, 0)
            }
        }
        return unsafe try checked(result, statement: text)
    }

    private func preparedName(_ text: String, _ parameters: ParameterBuffer) throws -> String {
        if let name = statements.name(of: text) { return name }
        guard !text.utf8.contains(0) else { throw PostgresError(.encoding, "a statement holds a NUL byte") }
        if let evicted = statements.makeRoom() { _ = try simple("DEALLOCATE \(evicted)") }
        try job?.checkpoint()
        let name = statements.freshName()
        _ = unsafe try checked(PQprepare(raw, name, text, parameters.count, nil), statement: text)
        statements.remember(text, as: name)
        return name
    }

    /// The simple protocol: several statements, no parameters, the last answer.
    func simple(_ text: String, isCancellable: Bool = true) throws -> QueryResult {
        guard !text.utf8.contains(0) else { throw PostgresError(.encoding, "a statement holds a NUL byte") }
        if isCancellable { try job?.checkpoint() }
        return unsafe try checked(PQexec(raw, text), statement: text)
    }

    /// Takes ownership of an answer and throws what is wrong with it.
    func checked(_ pointer: OpaquePointer?, statement: String?) throws -> QueryResult {
        guard let pointer = unsafe pointer else { throw lostConnection(statement: statement) }
        let result = unsafe QueryResult(pointer)
        switch result.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return result
        case PGRES_COPY_OUT, PGRES_COPY_IN, PGRES_COPY_BOTH:
            throw PostgresError(.protocol, "a COPY was started where it cannot be served; copyOut does that", statement: statement)
        default: throw failure(ServerReport.error(of: result, statement: statement, isConnectionLost: isLost))
        }
    }

    /// Remembers a failure, and tells a statement that our own cancel ended from one that the server ended.
    func failure(_ error: PostgresError) -> PostgresError {
        var error = error
        if error.sqlState == "57014", job?.isCancelled == true { error.kind = .cancelled }
        lastFailure = error
        return error
    }

    /// libpq gave no answer at all: the connection is gone, or memory is.
    private func lostConnection(statement: String?) -> PostgresError {
        let message = unsafe String(cString: PQerrorMessage(raw))
        return failure(PostgresError(isLost ? .connection : .protocol, message: message, statement: statement))
    }
}

extension PostgresError {
    /// Source: `plancache.c` ("cached plan must not change result type") and SQLSTATE 26000, invalid_sql_statement_name.
    var isStaleStatement: Bool {
        sqlState == "26000" || (sqlState == "0A000" && message?.contains("cached plan must not change result type") == true)
    }
}
