import Domain
import Foundation
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("finance's files are what they were")
struct GoldenReportTests {
    @Test("each report in each format is as its golden file, and what is checked is zero")
    func reports() async throws {
        try await GoldenLedger.with { ledger in
            for report in FinanceReport.allCases {
                let table = try await ledger.table(report)
                for (format, ending) in GoldenLedger.formats where format != .xlsx {
                    let bytes = Mutex<[UInt8]>([])
                    let outcome = try await table.stream(as: format) { piece in bytes.withLock { $0 += piece } }
                    #expect(outcome.rows > 0 && outcome.summary.isBalanced, "\(report)")
                    try Golden.check("report-\(report.rawValue).\(ending)", bytes.withLock { $0 })
                }
            }
            let entries = try await ledger.entries()
            for (format, ending) in GoldenLedger.formats where format != .xlsx { try Golden.check("report-entries.\(ending)", try await entries.text(as: format)) }
            #expect(try await ledger.shop.store.verify().problem == nil)
        }
    }

    @Test("the journals of a ledger balance, and are as their golden files")
    func journals() async throws {
        try await GoldenLedger.with { ledger in
            var words = FinanceReportWords()
            words.period = "2026"
            let journals = try await FinanceReport.journals(ledger.shop.store, shop: try await ledger.shop.shop(), words: words).get()
            #expect(journals.allSatisfy { $0.difference == 0 })
            for file in try JournalFiles.files(journals, as: .quickBooks(.monthFirst)) + JournalFiles.files(journals, as: .xero) {
                try Golden.check("report-\(file.name)", file.bytes)
            }
        }
    }

    @Test("as workbooks, openpyxl reads what the golden files say, and every figure is that of JSON Lines")
    func workbooks() async throws {
        let python = try await SheetReaders.openpyxl()
        try await GoldenLedger.with { ledger in
            try await SheetReaders.inFolder { folder in
                for table in try await ledger.tables() {
                    let path = "\(folder)/\(table.name)"
                    try await table.bytes(as: .xlsx).write(to: path + ".xlsx")
                    try await table.bytes(as: .jsonLines).write(to: path + ".jsonl")
                    let compared = try await OtherProgram.run(python, [SheetReaders.script("compare_xlsx.py"), path + ".xlsx", path + ".jsonl"])
                    #expect(compared.status == 0, "\(table.name): \(compared.output)")
                    let described = try await OtherProgram.run(python, [SheetReaders.script("describe_xlsx.py"), path + ".xlsx"])
                    try Golden.check("report-\(table.name).xlsx.txt", described.output)
                }
            }
        }
    }

    @Test("LibreOffice opens each of them, and its figures are those of the CSV")
    func libreOffice() async throws {
        guard let office = SheetReaders.libreOffice else { try Test.cancel("LibreOffice is not installed (deploy/install test)") }
        try await GoldenLedger.with { ledger in
            try await SheetReaders.inFolder { folder in
                let tables = try await ledger.tables()
                for table in tables {
                    try await table.bytes(as: .xlsx).write(to: "\(folder)/\(table.name).xlsx")
                    try await table.bytes(as: .csv).write(to: "\(folder)/\(table.name).expected")
                }
                // All in one run: it starts slowly. The filter's words are those of SpreadsheetProgramTests.
                let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
                let opened = try await OtherProgram.run(
                    office,
                    ["--headless", "-env:UserInstallation=file://\(folder)/profile", "--convert-to", filter, "--outdir", folder]
                        + tables.map { "\(folder)/\($0.name).xlsx" })
                #expect(opened.status == 0, "\(opened.output)")
                for table in tables {
                    let path = "\(folder)/\(table.name)"
                    let compared = try await OtherProgram.run(
                        "/usr/bin/python3", [SheetReaders.script("compare_csv.py"), "\(path)-\(table.name).csv", path + ".expected"])
                    #expect(compared.status == 0, "\(table.name): \(compared.output)")
                }
            }
        }
    }
}
