import Domain
import Store

/// How one text format writes the heading and the rows.
protocol ReportEncoder: Sendable {
    mutating func heading()
    mutating func append(_ row: [ReportCell])
    var count: Int { get }
    mutating func take() -> [UInt8]
}

/// Writes a text format piece by piece.
actor TextReportWriter: ReportWriter {
    /// How many bytes are gathered before they are handed over.
    private static let pieceBytes = 64 * 1024

    private var encoder: any ReportEncoder
    private let send: @Sendable ([UInt8]) async throws -> Void

    init(_ encoder: any ReportEncoder, write: @escaping @Sendable ([UInt8]) async throws -> Void) {
        self.encoder = encoder
        send = write
    }

    func begin() async throws {
        encoder.heading()
        try await flush()
    }

    func write(_ rows: [[ReportCell]]) async throws {
        for row in rows {
            encoder.append(row)
            if encoder.count >= TextReportWriter.pieceBytes { try await flush() }
        }
    }

    func end(_ summary: ReportSummary) async throws { try await flush() }

    private func flush() async throws {
        let piece = encoder.take()
        if !piece.isEmpty { try await send(piece) }
    }
}

/// A report as CSV: the heading, then the rows and nothing else, so that a sum over a column is the sum of the rows.
struct CSVEncoder: ReportEncoder {
    private let names: [String]
    private var csv: CSVText

    init(_ table: ReportTable, _ options: CSVOptions) {
        names = table.columns.map(\.name)
        csv = CSVText(options)
    }

    var count: Int { csv.bytes.count }
    mutating func take() -> [UInt8] { csv.take() }

    mutating func heading() {
        for name in names { csv.text(name) }
        csv.endLine()
    }

    mutating func append(_ row: [ReportCell]) {
        for cell in row { append(cell) }
        csv.endLine()
    }

    private mutating func append(_ cell: ReportCell) {
        switch cell {
        case .empty: csv.empty()
        case .text(let text): csv.text(text)
        case .integer(let number): csv.plain(String(number))
        case .money(let money): csv.money(money)
        case .currency(let currency): csv.plain(currency.code)
        case .day(let day): csv.plain(day.description)
        case .instant(let instant): csv.plain(Timestamp.text(instant))
        case .flag(let flag): csv.plain(flag ? "true" : "false")
        }
    }
}

/// A report as JSON Lines: one object a row, its members in the order of the columns.
struct JSONLinesEncoder: ReportEncoder {
    private let names: [String]
    private var bytes: [UInt8] = []

    init(_ table: ReportTable) { names = table.columns.map(\.jsonName) }

    var count: Int { bytes.count }

    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func heading() {}

    mutating func append(_ row: [ReportCell]) {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            for (name, cell) in zip(names, row) { JSONLinesEncoder.append(cell, as: name, to: &json) }
        }
        bytes.append(contentsOf: json.bytes)
        bytes.append(UInt8(ascii: "\n"))
    }

    private static func append(_ cell: ReportCell, as name: String, to json: inout JSONWriter) {
        switch cell {
        case .empty: json.field(name, nil as String?)
        case .text(let text): json.field(name, text)
        case .integer(let number): json.field(name, number)
        case .money(let money): json.field(name, money.minorUnits)
        case .currency(let currency): json.field(name, currency.code)
        case .day(let day): json.field(name, day.description)
        case .instant(let instant): json.field(name, Timestamp.text(instant))
        case .flag(let flag): json.field(name, flag)
        }
    }
}
