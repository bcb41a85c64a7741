import Domain
import Foundation
import Reports
import Synchronization
import Testing

@Suite("a report's files")
struct FormatTests {
    @Test("each format is as its golden file, byte for byte", arguments: [(ReportFormat.csv, "csv"), (.excelCSV, "excel.csv"), (.jsonLines, "jsonl")])
    func golden(format: ReportFormat, ending: String) async throws {
        try Golden.check("sample.\(ending)", try await SampleTable.table(rows: SampleTable.rows()).bytes(as: format))
    }

    @Test("RFC 4180: lines end with CR LF, every row has every cell, and a reader gets back what was written")
    func csv() async throws {
        let text = String(decoding: try await SampleTable.table(rows: SampleTable.rows()).bytes(as: .csv), as: UTF8.self)
        let rows = CSVReader.rows(text)
        #expect(rows.count == SampleTable.notes.count + 1 && rows.allSatisfy { $0.count == SampleTable.columns.count })
        #expect(rows[0] == SampleTable.columns.map(\.name))
        #expect(rows[1...].map { $0[4] } == [
            "0.00", "1", "-0.001", "0.12", "-12.50", "123456789", "999999999.999", "-0.05", "1000.05", "0", "0.001", "-0.01", "0.12", "-1250",
            "123456.789",
        ])
        #expect(rows[9][7] == "Ščuka, \"Žan\"\r\nline two; č")
    }

    @Test("a cell that a spreadsheet would run is made text, and a negative number stays a number")
    func injection() async throws {
        for format in [ReportFormat.csv, .excelCSV] {
            let text = String(decoding: try await SampleTable.table(rows: SampleTable.rows()).bytes(as: format), as: UTF8.self)
            let separator: Character = format == .csv ? "," : ";"
            for note in SampleTable.notes.prefix(8) { #expect(text.contains("\(separator)'\(note)") || text.contains("\(separator)\"'\(note)")) }
            #expect(text.contains("\(separator)-20\(separator)EUR"))
            #expect(!text.contains("'-20") && !text.contains("'-12"))
        }
    }

    @Test("European Excel gets a byte order mark, semicolons and decimal commas")
    func european() async throws {
        let bytes = try await SampleTable.table(rows: SampleTable.rows()).bytes(as: .excelCSV)
        #expect(bytes.prefix(3) == [0xEF, 0xBB, 0xBF])
        let lines = String(decoding: bytes.dropFirst(3), as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines[0] == "day;plan;credits;currency;value;recorded_at;goodwill;note")
        #expect(lines[5].contains(";8;EUR;-12,50;"))
    }

    @Test("a decimal comma between commas is quoted")
    func commas() async throws {
        let table = SampleTable.table(rows: Array(try SampleTable.rows().prefix(1)))
        let bytes = Mutex<[UInt8]>([])
        _ = try await table.stream(csv: CSVOptions(decimalMark: .comma)) { piece in bytes.withLock { $0 += piece } }
        #expect(String(decoding: bytes.withLock { $0 }, as: UTF8.self).contains(",EUR,\"0,00\","))
    }

    @Test("JSON Lines has exact minor units, its currency beside them, and RFC 3339 instants")
    func json() async throws {
        struct Line: Decodable {
            let day: String?, currency: String, value_minor: Int64, recorded_at: String, note: String, goodwill: Bool
        }
        let text = String(decoding: try await SampleTable.table(rows: SampleTable.rows()).bytes(as: .jsonLines), as: UTF8.self)
        let lines = try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
        #expect(lines.map(\.note) == SampleTable.notes)
        #expect(lines[6].value_minor == 999_999_999_999 && lines[6].currency == "KWD" && lines[3].day == nil)
        #expect(lines[0].recorded_at == "2026-03-29T01:59:59.123456Z")
    }

    @Test("an empty report has its heading and no row")
    func empty() async throws {
        let table = SampleTable.table(rows: [])
        #expect(String(decoding: try await table.bytes(as: .csv), as: UTF8.self) == "day,plan,credits,currency,value,recorded_at,goodwill,note\r\n")
        #expect(try await table.bytes(as: .jsonLines) == [])
        #expect(try await table.bytes(as: .xlsx).starts(with: "PK".utf8))
    }

    @Test("a row that does not fit its table ends the report", arguments: [ReportFormat.csv, .jsonLines, .xlsx])
    func misfits(format: ReportFormat) async throws {
        let (euro, yen) = (try #require(Currency("EUR")), try #require(Currency("JPY")))
        let columns = [ReportColumn("currency", .currency), ReportColumn("value", .money)]
        let cases: [([ReportCell], ReportFault)] = [
            ([.currency(euro)], .width(table: "t", expected: 2, found: 1)),
            ([.currency(euro), .integer(5)], .kind(table: "t", column: "value")),
            ([.currency(euro), .money(5, yen)], .currency(table: "t", column: "value")),
            ([.empty, .money(5, yen)], .currency(table: "t", column: "value")),
        ]
        for (row, fault) in cases {
            let table = ReportTable("t", columns: columns, order: []) { sink in
                try await sink.push([row])
                return .none
            }
            await #expect(throws: fault) { try await table.bytes(as: format) }
            let footed = ReportTable("t", columns: columns, order: []) { _ in ReportSummary(footings: [ReportFooting("sum", row)]) }
            await #expect(throws: fault) { try await footed.bytes(as: format) }
        }
    }

    @Test("the heading comes before the first row is made, and the reader sets the pace")
    func pace() async throws {
        let row = try SampleTable.rows()[0]
        let events = Mutex<[String]>([])
        let table = ReportTable("pace", columns: SampleTable.columns, order: []) { sink in
            for _ in 0..<8 {
                events.withLock { $0.append("rows") }
                try await sink.push(Array(repeating: row, count: 2_000))
            }
            return .none
        }
        let outcome = try await table.stream(as: .csv) { piece in
            #expect(piece.count < 80_000)
            events.withLock { $0.append("piece") }
        }
        #expect(outcome.rows == 16_000)
        let seen = events.withLock { $0 }
        #expect(seen.first == "piece" && seen.filter { $0 == "piece" }.count > 16)
        // Never two chunks of rows without the pieces of the first having been taken.
        #expect(!zip(seen, seen.dropFirst()).contains { $0 == "rows" && $1 == "rows" })
    }

    @Test(
        "a reader that leaves, and a task that is cancelled, end the producer and leave no file", .timeLimit(.minutes(2)),
        arguments: ReportFormat.allCases)
    func leaving(format: ReportFormat) async throws {
        struct Gone: Error {}
        let scratch = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-scratch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: scratch) }
        let rows = Array(repeating: try SampleTable.rows()[0], count: 2_000)
        let table = SampleTable.table(rows: rows, repeated: 3)
        await #expect(throws: Gone.self) { _ = try await table.stream(as: format, scratchFolder: scratch.path) { _ in throw Gone() } }
        let endless = ReportTable("endless", columns: SampleTable.columns, order: []) { sink in
            while true { try await sink.push(rows) }
        }
        let task = Task { try await endless.stream(as: format, scratchFolder: scratch.path) { _ in } }
        task.cancel()
        await #expect(throws: CancellationError.self) { _ = try await task.value }
        // The files go with the last block on the workbook's queue, which may end a moment after the caller was told.
        while try !FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty { await Task.yield() }
    }
}
