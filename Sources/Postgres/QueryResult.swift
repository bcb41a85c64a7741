import CPostgres

/// One answer of the server; owns the PGresult and frees it. The pointer never leaves this file except to `PQ...` calls of this module.
@safe final class QueryResult {
    private let pointer: OpaquePointer
    let rowCount: Int32
    let columnCount: Int32
    private lazy var columns: [String: Int32] = columnsByName()

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
        rowCount = unsafe PQntuples(pointer)
        columnCount = unsafe PQnfields(pointer)
    }

    deinit {
        unsafe PQclear(pointer)
    }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    /// `COMMIT`, `ROLLBACK`, `INSERT 0 3`, ...
    var commandTag: String { unsafe String(cString: PQcmdStatus(pointer)) }

    /// Rows that the command changed, copied or returned; 0 for commands that count nothing.
    var affectedRows: Int { unsafe Int(String(cString: PQcmdTuples(pointer))) ?? 0 }

    func value<T: PostgresValue>(row: Int32, column: Int32) throws -> T {
        if unsafe PQgetisnull(pointer, row, column) != 0 {
            if let null = T.postgresNull { return null }
            throw PostgresError(.decoding, "column \"\(name(ofColumn: column))\" is NULL and is read as \(T.self)")
        }
        guard let start = unsafe PQgetvalue(pointer, row, column) else { throw PostgresError(.protocol) }
        let length = Int(unsafe PQgetlength(pointer, row, column))
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
        if let value = unsafe T.decode(postgresText: Span(_unsafeBytes: bytes)) { return value }
        throw PostgresError(.decoding, "column \"\(name(ofColumn: column))\" cannot be read as \(T.self)")
    }

    func name(ofColumn column: Int32) -> String {
        guard let name = unsafe PQfname(pointer, column) else { return "?" }
        return unsafe String(cString: name)
    }

    func column(named name: String) -> Int32? {
        columns[name]
    }

    /// Of two columns with the same name the first counts.
    private func columnsByName() -> [String: Int32] {
        Dictionary((0..<columnCount).map { (name(ofColumn: $0), $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// A field of the error report, such as the SQLSTATE.
    func errorField(_ field: ReportField) -> String? {
        guard let text = unsafe PQresultErrorField(pointer, field.code) else { return nil }
        return unsafe String(cString: text)
    }

    var errorMessage: String { unsafe String(cString: PQresultErrorMessage(pointer)) }
}
