import Domain
import Foundation
import TestSupport
import Testing

@testable import Reports

@Suite("a report as a spreadsheet")
struct SpreadsheetTests {
    @Test("the same rows give the same bytes")
    func same() async throws {
        let first = try await SampleTable.table(rows: SampleTable.rows()).bytes(as: .xlsx)
        let second = try await SampleTable.table(rows: SampleTable.rows()).bytes(as: .xlsx)
        #expect(first == second && first.count > 4_000)
    }

    @Test("a spreadsheet program's library reads every cell as it was written, figures as figures")
    func library() async throws {
        let python = try await SheetReaders.openpyxl()
        try await SheetReaders.inFolder { folder in
            let table = try SampleTable.table(rows: SampleTable.rows())
            try await table.bytes(as: .xlsx).write(to: folder + "/sample.xlsx")
            try await table.bytes(as: .jsonLines).write(to: folder + "/sample.jsonl")
            let compared = try await OtherProgram.run(python, [SheetReaders.script("compare_xlsx.py"), folder + "/sample.xlsx", folder + "/sample.jsonl"])
            #expect(compared.status == 0, "\(compared.output)")
            let described = try await OtherProgram.run(python, [SheetReaders.script("describe_xlsx.py"), folder + "/sample.xlsx"])
            #expect(described.status == 0)
            try Golden.check("sample.xlsx.txt", described.output)
        }
    }

    @Test("rows beyond what a sheet holds go to further sheets, none lost")
    func sheets() async throws {
        let python = try await SheetReaders.openpyxl()
        try await SheetReaders.inFolder { folder in
            let table = try SampleTable.table(rows: SampleTable.rows(), repeated: 3)
            let bytes = Collected()
            let writer = SpreadsheetReportWriter(table, scratchFolder: folder, rowsPerSheet: 20) { bytes.append($0) }
            try await writer.begin()
            for _ in 0..<3 { try await writer.write(try SampleTable.rows()) }
            try await writer.end(.none)
            try bytes.all.write(to: folder + "/many.xlsx")
            try await table.bytes(as: .jsonLines).write(to: folder + "/many.jsonl")
            let compared = try await OtherProgram.run(python, [SheetReaders.script("compare_xlsx.py"), folder + "/many.xlsx", folder + "/many.jsonl"])
            #expect(compared.status == 0 && compared.output.contains("sheets: sample, parameters, sample 2, sample 3"), "\(compared.output)")
        }
    }

    @Test("text that no cell can hold is cut or cleaned, and the file stays readable")
    func hostile() async throws {
        let python = try await SheetReaders.openpyxl()
        try await SheetReaders.inFolder { folder in
            let texts = [String(repeating: "ž", count: 40_000), "a\u{0}b", "\u{FFFE}\u{FFFF}", "\u{1}\u{8}\u{1F}", "_x0041_", "]]>&<\"'", String(repeating: "👍", count: 20_000)]
            let table = ReportTable("hostile", columns: [ReportColumn("n", .integer), ReportColumn("note", .text)], order: ["n"]) { sink in
                try await sink.push(texts.enumerated().map { [.integer($0.offset == 0 ? Int64.max : Int64($0.offset)), .text($0.element)] })
                return .none
            }
            try await table.bytes(as: .xlsx).write(to: folder + "/hostile.xlsx")
            let described = try await OtherProgram.run(python, [SheetReaders.script("describe_xlsx.py"), folder + "/hostile.xlsx"])
            #expect(described.status == 0, "\(described.output)")
            #expect(described.output.contains("9223372036854775807"))
        }
    }
}
