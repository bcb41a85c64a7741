import ArgumentParser
import Foundation
import Reports
import Store

/// The accounting programs that a journal may be for.
enum JournalProgram: String, ExpressibleByArgument, CaseIterable {
    case quickBooks = "quickbooks"
    case xero
}

struct ReportJournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal", abstract: "A journal for each month and currency, as files for QuickBooks Online or Xero.",
        discussion: "A tool for a bookkeeper, not advice. Files are written into a folder and readable by their owner only; their names are printed.")

    @OptionGroup var shop: ShopFlag

    @Option(name: .customLong("for"), help: "The accounting program.")
    var program: JournalProgram

    @Option(help: ArgumentHelp("A day, week, month, quarter or year of the shop's zone.", valueName: "2026-05"))
    var period: String

    @Option(help: ArgumentHelp("Where the files go.", valueName: "folder"))
    var folder: String

    @Option(help: ArgumentHelp("The account that sales and refunds come over (default for this and the others: the shop's setting, of a closed month as it was then).", valueName: "account"))
    var clearing: String?
    @Option(help: ArgumentHelp("What customers are owed.", valueName: "account"))
    var liability: String?
    @Option(help: ArgumentHelp("Revenue of used credits.", valueName: "account"))
    var usageRevenue: String?
    @Option(help: ArgumentHelp("Revenue of expired credits.", valueName: "account"))
    var breakageRevenue: String?
    @Option(help: ArgumentHelp("Refunds beyond unused credits, and corrections.", valueName: "account"))
    var otherRevenue: String?
    @Option(help: ArgumentHelp("The name of the tax rate in Xero.", valueName: "name"))
    var taxRate: String?

    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        var words = FinanceReportWords()
        words.period = period
        let (asked, instead) = (words, given)
        try await Database.use(settings.resolve()) { store in
            let found = try await shop.find(store)
            let journals = try await FinanceReport.journals(store, shop: found, words: asked, instead: instead).orRefuse()
            for file in try JournalFiles.files(journals, as: program == .xero ? .xero : .quickBooks(.monthFirst)) {
                let path = "\(folder)/\(file.name)"
                _ = try await PrivateFile(path: path).write { handle in try handle.write(contentsOf: file.bytes) }
                Output.line(path)
            }
        }
    }

    /// What the flags name.
    private var given: JournalSettings {
        var settings = JournalSettings()
        (settings.clearing, settings.liability, settings.usageRevenue) = (clearing, liability, usageRevenue)
        (settings.breakageRevenue, settings.otherRevenue, settings.taxRate) = (breakageRevenue, otherRevenue, taxRate)
        return settings
    }
}
