import ArgumentParser
import Domain
import Foundation
import Reports
import Store

extension EntriesReport.Format: ExpressibleByArgument {}

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

    @OptionGroup var shop: ShopFlag

    @Option(help: ArgumentHelp("Its first day, or month.", valueName: "2026-05"))
    var from: String?

    @Option(help: ArgumentHelp("Its last day, or month.", valueName: "2026-05"))
    var through: String?

    @Option(help: ArgumentHelp("Only this ticket's.", valueName: "number"))
    var ticket: TicketNumber?

    @Option(help: "Only this channel's.")
    var channel: String?

    @Option(help: "Only entries of this kind.")
    var kind: String?

    @Option(help: "How it is written.")
    var format = EntriesReport.Format.csv

    @Option(name: .shortAndLong, help: ArgumentHelp("Write it there, readable by its owner only (default: standard output).", valueName: "file"))
    var output: String?

    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            let report = try EntriesReport.parse(
                store, shop: shop, from: from, through: through, ticket: ticket?.id, channel: channel, kind: kind
            ).orRefuse()
            guard let output else {
                _ = try await report.stream(as: format) { Output.write(bytes: $0) }
                return
            }
            let format = format
            _ = try await PrivateFile(path: output).write { file in
                _ = try await report.stream(as: format) { try file.write(contentsOf: $0) }
            }
        }
    }
}
