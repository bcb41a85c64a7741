import FoundationEssentials

/// A report: its columns, what it was made from, and the producer that pushes its rows.
///
/// Rows come in chunks and the next chunk is asked for only when the last one has been taken, so that memory stays flat whatever the
/// number of rows. They come in a stable order: the same data gives the same bytes in every format.
public struct ReportTable: Sendable {
    /// Pushes all rows, in the table's order, one chunk after the other, and answers what stands below them. Some 500 rows a chunk are well.
    public typealias Producer = @Sendable (_ sink: ReportSink) async throws -> ReportSummary

    /// In lower case with hyphens, no longer than 28 characters: the name of the file and of the spreadsheet's sheet.
    public let name: String
    public let columns: [ReportColumn]
    /// The columns that the rows are sorted by.
    public let order: [String]
    public let parameters: [ReportParameter]
    private let produce: Producer

    public init(
        _ name: String, columns: [ReportColumn], order: [String], parameters: [ReportParameter] = [], produce: @escaping Producer
    ) {
        self.name = name
        self.columns = columns
        self.order = order
        self.parameters = parameters
        self.produce = produce
    }

    /// Writes the whole report. CSV and JSON Lines come in pieces of some 64 KiB, the heading at once; a spreadsheet comes when all its rows
    /// are there, and has its temporary files in `scratchFolder`. The next piece comes only after `write` has taken the last one. When
    /// `write` throws, or the task is cancelled, the producer is left with that error and nothing stays behind.
    public func stream(
        as format: ReportFormat, scratchFolder: String = FileManager.default.temporaryDirectory.path,
        write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> ReportOutcome {
        let writer: any ReportWriter =
            switch format {
            case .csv: TextReportWriter(CSVEncoder(self, .standard), write: write)
            case .excelCSV: TextReportWriter(CSVEncoder(self, .europeanExcel), write: write)
            case .jsonLines: TextReportWriter(JSONLinesEncoder(self), write: write)
            case .xlsx: SpreadsheetReportWriter(self, scratchFolder: scratchFolder, write: write)
            }
        return try await stream(to: writer)
    }

    /// CSV by options of the caller's own.
    public func stream(csv options: CSVOptions, write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> ReportOutcome {
        try await stream(to: TextReportWriter(CSVEncoder(self, options), write: write))
    }

    private func stream(to writer: any ReportWriter) async throws -> ReportOutcome {
        let shape = ReportShape(self)
        let sink = ReportSink(shape, writer)
        try await writer.begin()
        let summary = try await produce(sink)
        for footing in summary.footings { try shape.check(footing.cells) }
        try await writer.end(summary)
        return ReportOutcome(rows: await sink.rows, summary: summary)
    }
}
