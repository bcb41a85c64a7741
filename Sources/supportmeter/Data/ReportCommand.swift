import ArgumentParser
import Domain
import Foundation
import Reports
import Store

struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Finance's files.",
        subcommands: [
            ReportRollForwardCommand.self, ReportUsageCommand.self, ReportStatementCommand.self, ReportLiabilityCommand.self, ReportRevenueCommand.self,
            ReportOrdersCommand.self, ReportCallsAvoidedCommand.self, ReportEntriesCommand.self, ReportJournalCommand.self,
            ReportExportCommand.self,
        ])
}

struct ReportEntriesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "entries", abstract: "Every row of a shop's ledger, streamed.",
        discussion: "A period goes by the day an entry takes effect, in the shop's zone; both its days are included.")

    @OptionGroup var flags: FinanceReportFlags

    @Option(help: ArgumentHelp("Only this ticket's.", valueName: "number"))
    var ticket: TicketNumber?

    @Option(help: "Only what this agent did.")
    var agent: String?

    @Option(help: "Only entries of this kind.")
    var kind: String?

    func run() async throws {
        try await Database.use(flags.settings.resolve()) { store in
            var words = flags.words
            words.agent = agent
            let report = try EntriesReport.parse(store, shop: try await flags.shop.find(store), words: words, ticket: ticket?.id, kind: kind).orRefuse()
            let format = flags.format
            _ = try await flags.deliver { write in try await report.stream(as: format, write: write) }
        }
    }
}
