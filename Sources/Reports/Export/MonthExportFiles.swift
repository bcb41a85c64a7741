import Domain
import FoundationEssentials
import Store

/// The files of a month's export, one after the other in flat memory, of one moment: the same figure is the same in every file.
struct MonthExportFiles {
    /// What was written, and what the manifest tells of it.
    struct Content {
        var written: [ExportFolder.Written] = []
        var files: [ExportManifest.File] = []
        var checks: [ExportManifest.Check] = []
        var leftOut: [ExportManifest.LeftOut] = []
    }

    /// The statement is one customer's: it is not among them.
    private static let reports = FinanceReport.allCases.filter { $0 != .statement }
    private static let formats: [ReportFormat] = [.csv, .xlsx, .jsonLines]

    let export: MonthExport
    /// Of that moment.
    let store: Store
    let folder: ExportFolder

    static func write(_ export: MonthExport, into folder: ExportFolder) async throws -> Content {
        try await export.store.atOneMoment { try await MonthExportFiles(export: export, store: $0, folder: folder).write() }
    }

    private func write() async throws -> Content {
        var content = Content()
        for report in MonthExportFiles.reports {
            let table = try report.table(store, shop: export.shop, words: words(report)).get()
            for format in MonthExportFiles.formats { try await write(table, report.rawValue, format, &content) }
        }
        let entries = EntriesReport(store, shop: export.shop, period: ReportPeriod(from: export.books.month, through: export.through))
        for format in [ReportFormat.csv, .jsonLines] { try await write(entries, format, &content) }
        try await write(entries.table(), "entries", .xlsx, &content)
        try await writeJournals(&content)
        return content
    }

    /// What is owed is asked for at the month's end.
    private func words(_ report: FinanceReport) -> FinanceReportWords {
        var words = FinanceReportWords()
        if report == .liability { words.at = export.monthName } else { words.period = export.monthName }
        return words
    }

    private func write(_ table: ReportTable, _ name: String, _ format: ReportFormat, _ content: inout Content) async throws {
        let file = "\(name).\(format.fileExtension)"
        do {
            let scratch = folder.scratch
            let (written, outcome) = try await folder.write(file) { write in try await table.stream(as: format, scratchFolder: scratch, write: write) }
            let parameters = Dictionary(table.parameters.map { ($0.name, MonthExportFiles.text($0.value)) }) { first, _ in first }
            note(written, name, format.rawValue, rows: outcome.rows, parameters, &content)
            // The same in every format.
            guard format == MonthExportFiles.formats.first else { return }
            content.checks += outcome.summary.checks.map { ExportManifest.Check(report: name, check: $0.label, isZero: $0.isZero) }
        } catch ReportFault.spreadsheetRows(let max) {
            await folder.remove(file)
            content.leftOut.append(ExportManifest.LeftOut(file: file, why: ReportFault.spreadsheetRows(max: max).description))
        }
    }

    private func write(_ entries: EntriesReport, _ format: ReportFormat, _ content: inout Content) async throws {
        let (written, rows) = try await folder.write("entries.\(format.fileExtension)") { write in try await entries.stream(as: format, write: write) }
        note(written, "entries", format.rawValue, rows: rows, period, &content)
    }

    private func writeJournals(_ content: inout Content) async throws {
        var words = FinanceReportWords()
        words.period = export.monthName
        let journals = try await FinanceReport.journals(store, shop: export.shop, words: words).get()
        for format in [JournalFormat.quickBooks(.monthFirst), .xero] {
            for file in try JournalFiles.files(journals, as: format) {
                let written = try await folder.write(file.name) { try await $0(file.bytes) }.file
                note(written, "journal", format.name, rows: file.lines, period, &content)
            }
        }
    }

    private var period: [String: String] {
        [
            "shop": export.shop.slug, "time_zone": export.shop.timeZone, "from": export.books.month.description, "through": export.through.description,
        ]
    }

    private func note(
        _ written: ExportFolder.Written, _ report: String, _ format: String, rows: Int, _ parameters: [String: String], _ content: inout Content
    ) {
        content.written.append(written)
        content.files.append(
            ExportManifest.File(
                file: written.name, report: report, format: format, bytes: written.bytes, sha256: written.sha256, rows: rows, parameters: parameters))
    }

    private static func text(_ cell: ReportCell) -> String {
        switch cell {
        case .empty: ""
        case .text(let text): text
        case .integer(let number): String(number)
        case .money(let money): "\(money.minorUnits) \(money.currency.code)"
        case .currency(let currency): currency.code
        case .day(let day): day.description
        case .instant(let instant): Timestamp.text(instant)
        case .flag(let flag): flag ? "true" : "false"
        }
    }
}
