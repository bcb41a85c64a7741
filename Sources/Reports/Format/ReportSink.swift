/// Takes the rows of a report. One `push` after the other: the producer waits for each.
public actor ReportSink {
    private let shape: ReportShape
    private let writer: any ReportWriter
    private(set) var rows = 0

    init(_ shape: ReportShape, _ writer: any ReportWriter) {
        self.shape = shape
        self.writer = writer
    }

    /// Returns when the reader has taken what came before. Throws when a row does not fit the table, the reader has left or the task is
    /// cancelled; the producer then stops.
    public func push(_ rows: [[ReportCell]]) async throws {
        try Task.checkCancellation()
        for row in rows { try shape.check(row) }
        try await writer.write(rows)
        self.rows += rows.count
    }
}

/// What a row of a table must look like.
struct ReportShape: Sendable {
    private let table: String
    private let columns: [ReportColumn]
    private let currencyColumn: Int?

    init(_ table: ReportTable) {
        self.table = table.name
        columns = table.columns
        currencyColumn = table.columns.firstIndex { $0.kind == .currency }
    }

    func check(_ row: [ReportCell]) throws(ReportFault) {
        guard row.count == columns.count else { throw .width(table: table, expected: columns.count, found: row.count) }
        for (cell, column) in zip(row, columns) {
            guard cell.fits(column.kind) else { throw .kind(table: table, column: column.name) }
            guard case .money(let money) = cell else { continue }
            guard let currencyColumn, row[currencyColumn] == .currency(money.currency) else {
                throw .currency(table: table, column: column.name)
            }
        }
    }
}

/// One file of a report being written: its beginning, chunks of rows, its end.
protocol ReportWriter: Sendable {
    func begin() async throws
    func write(_ rows: [[ReportCell]]) async throws
    func end(_ summary: ReportSummary) async throws
}
