import Domain
import Spreadsheet

/// Writes a report as XLSX: a sheet of rows, a second one with the parameters, footings and checks, and further sheets of rows where the
/// first one is full.
actor SpreadsheetReportWriter: ReportWriter {
    /// Five sheets of a million rows: beyond that a spreadsheet is of no use, and its temporary files are some gigabytes.
    static let rowsMax = 5_000_000

    private let table: ReportTable
    private let scratchFolder: String
    private let rowsPerSheet: Int
    private let send: @Sendable ([UInt8]) async throws -> Void
    private var file: SpreadsheetFile?
    private var rowSheets: [Int] = []
    private var notesSheet = 0
    private var rowsOnSheet = 0
    private var rowsWritten = 0

    /// `rowsPerSheet` is smaller in tests.
    init(
        _ table: ReportTable, scratchFolder: String, rowsPerSheet: Int = SheetLimits.rowsMax - 1,
        write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.table = table
        self.scratchFolder = scratchFolder
        self.rowsPerSheet = rowsPerSheet
        send = write
    }

    func begin() async throws {
        let file = try await SpreadsheetFile.open(in: scratchFolder, title: table.name)
        self.file = file
        rowSheets = [try await file.addSheet(table.name, columns: SpreadsheetCells.columns(table))]
        notesSheet = try await file.addSheet("parameters", columns: SpreadsheetCells.noteColumns(table), isHeadingShown: false)
    }

    func write(_ rows: [[ReportCell]]) async throws {
        guard let file else { throw SpreadsheetFailure.closed }
        guard rowsWritten + rows.count <= SpreadsheetReportWriter.rowsMax else {
            throw ReportFault.spreadsheetRows(max: SpreadsheetReportWriter.rowsMax)
        }
        var rest = rows[...]
        while !rest.isEmpty {
            if rowsOnSheet == rowsPerSheet { try await turnSheet(file) }
            let part = rest.prefix(rowsPerSheet - rowsOnSheet)
            try await file.append(part.map { $0.map { SpreadsheetCells.cell($0) } }, to: rowSheets[rowSheets.count - 1])
            rowsOnSheet += part.count
            rest = rest.dropFirst(part.count)
        }
        rowsWritten += rows.count
    }

    private func turnSheet(_ file: SpreadsheetFile) async throws {
        rowSheets.append(try await file.addSheet("\(table.name) \(rowSheets.count + 1)", columns: SpreadsheetCells.columns(table)))
        rowsOnSheet = 0
    }

    func end(_ summary: ReportSummary) async throws {
        guard let file else { throw SpreadsheetFailure.closed }
        try await file.append(SpreadsheetCells.notes(table, summary, rows: rowsWritten), to: notesSheet)
        for sheet in rowSheets { try await file.filter(sheet) }
        try await file.finish(write: send)
        self.file = nil
    }
}
