import Domain
import FoundationEssentials
import Postgres
import Synchronization

/// A row of a report as PostgreSQL's `COPY` writes it: text between tabs (its documentation, "COPY, Text Format").
struct ReportRow {
    private let fields: [String?]
    private var place = 0

    init(_ line: ArraySlice<UInt8>) { fields = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false).map(ReportRow.field) }

    mutating func text() throws -> String? {
        guard place < fields.count else { throw PostgresError(.decoding, "a report's row has \(fields.count) fields, one more was asked for") }
        defer { place += 1 }
        return fields[place]
    }

    mutating func word() throws -> String {
        guard let text = try text() else { throw PostgresError(.decoding, "a report's field \(place) is NULL") }
        return text
    }

    mutating func whole() throws -> Int64? {
        guard let text = try text() else { return nil }
        guard let number = Int64(text) else { throw PostgresError(.decoding, "a report's field \(place) is no whole number") }
        return number
    }

    mutating func figure() throws -> Int64 { try whole() ?? 0 }

    mutating func currency() throws -> Currency {
        guard let currency = Currency(try word()) else { throw PostgresError(.decoding, "a report's field \(place) is no currency") }
        return currency
    }

    mutating func channel() throws -> Channel {
        guard let channel = Channel(rawValue: try word()) else { throw PostgresError(.decoding, "a report's field \(place) is no channel") }
        return channel
    }

    /// From microseconds since 1970.
    mutating func instant() throws -> Date? { try whole().map { Date(timeIntervalSince1970: Double($0) / 1_000_000) } }

    /// From `YYYY-MM-DD`.
    mutating func day() throws -> CivilDay? {
        guard let text = try text() else { return nil }
        let parts = text.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3, let day = CivilDay(year: parts[0], month: parts[1], day: parts[2]) else {
            throw PostgresError(.decoding, "a report's field \(place) is no day")
        }
        return day
    }

    private static func field(_ bytes: ArraySlice<UInt8>) -> String? {
        let backslash = UInt8(ascii: "\\")
        guard bytes.contains(backslash) else { return String(decoding: bytes, as: UTF8.self) }
        if bytes.count == 2, bytes.last == UInt8(ascii: "N") { return nil }
        var plain: [UInt8] = []
        var isEscaped = false
        for byte in bytes {
            if !isEscaped, byte == backslash { isEscaped = true; continue }
            plain.append(isEscaped ? escapes[byte] ?? byte : byte)
            isEscaped = false
        }
        return String(decoding: plain, as: UTF8.self)
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]
}

/// Cuts pieces of a stream into its lines.
private final class ReportLines: Sendable {
    private let rest = Mutex<[UInt8]>([])

    /// The whole lines that a piece ends, without their ends.
    func whole(_ piece: [UInt8]) -> [ArraySlice<UInt8>] {
        rest.withLock { rest in
            let bytes = rest + piece
            var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(lines.removeLast())
            return lines
        }
    }
}

extension Store {
    /// Rows handed on at a time.
    public static let reportRowsMax = 500

    /// Streams the rows of a query as they come. While `write` has rows one piece more is read, and no further one, so that memory stays flat.
    /// One snapshot. When `write` throws or the task is cancelled the server is told to stop.
    func reportRows<Row: Sendable>(
        _ query: String, _ read: @escaping @Sendable (inout ReportRow) throws -> Row, write: @escaping @Sendable ([Row]) async throws -> Void
    ) async throws {
        try await copyRows(query, through: streams, read, write: write)
    }

    private func copyRows<Row: Sendable>(
        _ query: String, through pool: Pool, _ read: @escaping @Sendable (inout ReportRow) throws -> Row, write: @escaping @Sendable ([Row]) async throws -> Void
    ) async throws {
        let lines = ReportLines()
        try await pool.copyOut("COPY (\(query)) TO STDOUT (ENCODING 'UTF8')") { piece in
            let rows = try lines.whole(piece).map { line in
                var row = ReportRow(line)
                return try read(&row)
            }
            for start in stride(from: 0, to: rows.count, by: Store.reportRowsMax) {
                try await write(Array(rows[start..<min(start + Store.reportRowsMax, rows.count)]))
            }
        }
    }

    /// The rows of a report that is short by its nature.
    func reportRows<Row: Sendable>(_ query: String, _ read: @escaping @Sendable (inout ReportRow) throws -> Row) async throws -> [Row] {
        let all = Mutex<[Row]>([])
        try await copyRows(query, through: pool, read) { rows in all.withLock { $0 += rows } }
        return all.withLock { $0 }
    }

    /// Rounds of `settleDue` before a report.
    private static let settleRoundsMax = 10_000

    /// Writes what is due, so that a report has it (P8). A counter that somebody is working on is settled by them. Of one moment nothing is left to write.
    public func settleForReport() async throws {
        if pool.isOfOneMoment { return }
        for _ in 0..<Store.settleRoundsMax where try await settleDue() == 0 { return }
    }

    static func micros(_ column: String) -> String { "(extract(epoch FROM \(column)) * 1000000)::bigint" }
    static func localDay(_ column: String, _ shop: Shop) -> String { "to_char(\(column) AT TIME ZONE \(SQL.quoteLiteral(shop.timeZone)), 'YYYY-MM-DD')" }
    static func localMonth(_ column: String, _ shop: Shop) -> String {
        "to_char(\(column) AT TIME ZONE \(SQL.quoteLiteral(shop.timeZone)), 'YYYY-MM-01')"
    }
}
