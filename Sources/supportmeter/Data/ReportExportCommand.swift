import ArgumentParser
import Domain
import Foundation
import Reports
import Store

struct ReportExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Every report of a month as files in a folder of its own, with a manifest and checksums.",
        discussion: """
            Writes <out>/<shop>/<2026-05>/, or <2026-05>-r2 and so on where that is there already: each report as CSV, XLSX and JSON Lines, the
            ledger, journals for QuickBooks Online and Xero, manifest.json and SHA256SUMS (`sha256sum -c SHA256SUMS`). The folder appears when it
            is whole. The daemon does the same by itself after each month's end with the setting export-dir. Prints the folder's path.
            """)

    @Option(help: ArgumentHelp("The month, which must be over.", valueName: "2026-05"))
    var month: MonthArgument
    @OptionGroup var shop: ShopFlag
    @Option(help: ArgumentHelp("Where it goes; must be there.", valueName: "folder"))
    var out: String
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let root = FilePath.absolute(out)
        let addsUp = try await Database.use(settings.resolve()) { store in
            let found = try await shop.find(store)
            guard MonthRules.end(of: month.day, in: found.zone) <= store.clock() else {
                throw CommandFailure.usage("month: expected a month that is over in \(found.timeZone)")
            }
            let books = try await store.monthBooks(of: found.id, month.day)
            let export = MonthExport(store, shop: found, books: books, key: UUID().uuidString, madeBy: Caller.commandLine.label)
            do {
                guard let made = try await export.write(into: root) else { throw CommandFailure.no("nothing was written") }
                Output.line(made.path)
                return made.addsUp
            } catch let fault as ExportFault {
                throw CommandFailure.no("the month cannot be exported: \(fault)")
            }
        }
        guard addsUp else { throw CommandFailure.no("the reports do not add up: `supportmeter verify` names the row") }
    }
}
