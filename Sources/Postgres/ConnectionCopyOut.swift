import CPostgres

extension Connection {
    /// Opens a snapshot and starts the COPY in it; a slow reader must not run into `statement_timeout`.
    func startCopy(_ statement: String) throws {
        guard !statement.utf8.contains(0) else { throw PostgresError(.encoding, "a statement holds a NUL byte") }
        _ = try simple(Isolation.repeatableRead.begin(readOnly: true, snapshot: snapshot) + "; SET LOCAL statement_timeout TO 0")
        try job?.checkpoint()
        isCopyAtEnd = false
        guard let pointer = unsafe PQexec(raw, statement) else { throw PostgresError(.connection, statement: statement) }
        let result = unsafe QueryResult(pointer)
        if result.status == PGRES_COPY_OUT { return }
        if result.status == PGRES_FATAL_ERROR {
            throw failure(ServerReport.error(of: result, statement: statement, isConnectionLost: isLost))
        }
        throw PostgresError(.protocol, "copyOut needs a COPY ... TO STDOUT", statement: statement)
    }

    /// The next rows, of at least so many bytes, or nil after the last one.
    func nextCopyChunk(_ statement: String, _ bytesMin: Int) throws -> [UInt8]? {
        try job?.checkpoint()
        var chunk: [UInt8] = []
        chunk.reserveCapacity(bytesMin + bytesMin / 4)
        while !isCopyAtEnd, chunk.count < bytesMin {
            let length = appendCopyRow(to: &chunk)
            if length == Self.copyFailed { throw endOfCopyFailure(statement) }
            isCopyAtEnd = length == Self.copyEnded
        }
        return chunk.isEmpty ? nil : chunk
    }

    /// What PQgetCopyData says instead of a length (manual 34.10.2).
    private static let copyEnded: Int32 = -1
    private static let copyFailed: Int32 = -2

    private func appendCopyRow(to chunk: inout [UInt8]) -> Int32 {
        var row: UnsafeMutablePointer<CChar>?
        let length = unsafe PQgetCopyData(raw, &row, 0)
        guard length > 0, let row = unsafe row else { return length }
        unsafe chunk.append(contentsOf: UnsafeRawBufferPointer(start: row, count: Int(length)))
        unsafe PQfreemem(row)
        return length
    }

    /// Takes the server's last word, ends the snapshot and returns the number of rows.
    func finishCopy(_ job: Job, _ statement: String) throws -> Int {
        var rows = 0
        while let pointer = unsafe PQgetResult(raw) {
            let result = try unsafe checked(pointer, statement: statement)
            rows = result.affectedRows
        }
        job.settle()
        _ = try simple("COMMIT", isCancellable: false)
        return rows
    }

    private func endOfCopyFailure(_ statement: String) -> PostgresError {
        guard let pointer = unsafe PQgetResult(raw) else { return PostgresError(.connection, statement: statement) }
        let result = unsafe QueryResult(pointer)
        return failure(ServerReport.error(of: result, statement: statement, isConnectionLost: isLost))
    }

    /// Reads away what is left of a COPY, so that the connection can be used again. Its job has been cancelled, so little is left.
    func drainCopy() {
        var rest: [UInt8] = []
        while unsafe PQtransactionStatus(raw) == PQTRANS_ACTIVE, !isLost {
            if appendCopyRow(to: &rest) > 0 {
                rest.removeAll(keepingCapacity: true)
                continue
            }
            while let pointer = unsafe PQgetResult(raw) {
                let status = unsafe PQresultStatus(pointer)
                unsafe PQclear(pointer)
                if status == PGRES_COPY_OUT { break }
            }
        }
    }
}
