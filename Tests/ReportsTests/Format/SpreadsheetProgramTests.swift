import Foundation
import Reports
import TestSupport
import Testing

@Suite("a spreadsheet program")
struct SpreadsheetProgramTests {
    @Test("LibreOffice opens the file, and its figures are those of the CSV")
    func libreOffice() async throws {
        guard let office = SheetReaders.libreOffice else {
            try Test.cancel("LibreOffice is not installed (deploy/install test)")
        }
        try await SheetReaders.inFolder { folder in
            let table = try SampleTable.table(rows: SampleTable.rows())
            try await table.bytes(as: .xlsx).write(to: folder + "/sample.xlsx")
            try await table.bytes(as: .csv).write(to: folder + "/expected.csv")
            // Commas, quotes, UTF-8, from line 1, values and not what is shown, all sheets: Apache OpenOffice, "Filter Options for the CSV Filter".
            let filter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
            let opened = try await OtherProgram.run(
                office,
                ["--headless", "-env:UserInstallation=file://\(folder)/profile", "--convert-to", filter, "--outdir", folder, folder + "/sample.xlsx"])
            #expect(opened.status == 0, "\(opened.output)")
            let compared = try await OtherProgram.run(
                "/usr/bin/python3", [SheetReaders.script("compare_csv.py"), folder + "/sample-sample.csv", folder + "/expected.csv"])
            #expect(compared.status == 0, "\(compared.output)")
        }
    }
}

@Suite("a report of very many rows")
struct ReportScaleTests {
    /// `SUPPORTMETER_SCALE_ROWS=1000000` for the million; a debug build takes minutes for that.
    private static let rows = ProcessInfo.processInfo.environment["SUPPORTMETER_SCALE_ROWS"].flatMap { Int($0) } ?? 200_000
    /// 200,000 rows of eight cells held at once would be some 100 MB; other tests run in this process at the same time.
    private static let growthKilobytesMax = 64 * 1024

    @Test("memory stays flat", arguments: ReportFormat.allCases)
    func flat(format: ReportFormat) async throws {
        let rows = Array(repeating: try SampleTable.rows()[9], count: 500)
        let table = SampleTable.table(rows: rows, repeated: Self.rows / rows.count)
        let before = Memory.kilobytes("VmRSS")
        Memory.resetPeak()
        let size = Collected(isKept: false)
        let outcome = try await table.stream(as: format) { size.append($0) }
        #expect(outcome.rows == Self.rows && size.count > 1_000_000)
        let growth = Memory.kilobytes("VmHWM") - before
        #expect(growth < Self.growthKilobytesMax, "\(format) took \(growth) kB for \(size.count) bytes")
    }
}
