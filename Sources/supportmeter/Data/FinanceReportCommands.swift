import ArgumentParser
import Domain
import Foundation
import Reports
import Store

extension ReportFormat: ExpressibleByArgument {}

/// What every report takes.
struct FinanceReportFlags: ParsableArguments {
    @OptionGroup var shop: ShopFlag

    @Option(help: ArgumentHelp("A day, week, month, quarter or year of the shop's zone.", valueName: "2026-05"))
    var period: String?

    @Option(help: ArgumentHelp("Or its first day, or month.", valueName: "2026-05-01"))
    var from: String?

    @Option(help: ArgumentHelp("And its last day, or month; both are included.", valueName: "2026-05-31"))
    var through: String?

    @Option(help: ArgumentHelp("Only this plan's.", valueName: "name"))
    var plan: String?

    @Option(help: "Only this channel's.")
    var channel: String?

    @Option(help: ArgumentHelp("Only this customer's.", valueName: "id"))
    var customer: Int64?

    @Option(help: ArgumentHelp("Only what is in this currency.", valueName: "EUR"))
    var currency: String?

    @Option(help: "How it is written.")
    var format = ReportFormat.csv

    @Option(name: .shortAndLong, help: ArgumentHelp("Write it there, readable by its owner only (default: standard output).", valueName: "file"))
    var output: String?

    @OptionGroup(title: "Settings") var settings: SettingsFlags

    var words: FinanceReportWords {
        var words = FinanceReportWords()
        (words.period, words.from, words.through) = (period, from, through)
        (words.plan, words.channel, words.currency) = (plan, channel, currency)
        words.customer = customer.map(CustomerID.init)
        return words
    }

    /// Writes the report, and below it on standard error what was checked: exit 1 when it does not add up.
    func write(_ report: FinanceReport, _ change: @Sendable (inout FinanceReportWords) -> Void = { _ in }) async throws {
        var words = words
        change(&words)
        let asked = words
        try await Database.use(settings.resolve()) { store in
            let table = try report.table(store, shop: try await shop.find(store), words: asked).orRefuse()
            let format = format
            let outcome = try await deliver { write in try await table.stream(as: format, write: write) }
            for check in outcome.summary.checks { Output.note("\(check.isZero ? "ok" : "DIFFERENCE"): \(check.label)") }
            guard outcome.summary.isBalanced else { throw CommandFailure.no("the report does not add up: `supportmeter verify` names the row") }
        }
    }

    /// Takes a report to where it was asked for.
    func deliver<Outcome: Sendable>(
        _ stream: @Sendable (_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Outcome
    ) async throws -> Outcome {
        guard let output else { return try await stream { Output.write(bytes: $0) } }
        var outcome: Outcome?
        _ = try await PrivateFile(path: output).write { file in
            outcome = try await stream { try file.write(contentsOf: $0) }
        }
        guard let outcome else { throw CommandFailure.no("nothing was written") }
        return outcome
    }
}

struct ReportRollForwardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "roll-forward", abstract: FinanceReport.rollForward.summary)
    @OptionGroup var flags: FinanceReportFlags
    func run() async throws { try await flags.write(.rollForward) }
}

struct ReportUsageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "usage", abstract: FinanceReport.usage.summary)
    @OptionGroup var flags: FinanceReportFlags
    @Option(help: ArgumentHelp("What it is added up by, with commas.", valueName: "month,channel"))
    var by: String?
    @Option(help: "Only this agent's.")
    var agent: String?

    func run() async throws {
        let (by, agent) = (by, agent)
        try await flags.write(.usage) { ($0.by, $0.agent) = (by, agent) }
    }
}

struct ReportStatementCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "statement", abstract: FinanceReport.statement.summary)
    @OptionGroup var flags: FinanceReportFlags
    func run() async throws { try await flags.write(.statement) }
}

struct ReportLiabilityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "liability", abstract: FinanceReport.liability.summary)
    @OptionGroup var flags: FinanceReportFlags
    @Option(help: ArgumentHelp("The end of that day or month, or an instant (default: now).", valueName: "2026-05-31"))
    var at: String?

    func run() async throws {
        let at = at
        try await flags.write(.liability) { $0.at = at }
    }
}

struct ReportRevenueCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "revenue", abstract: FinanceReport.revenue.summary)
    @OptionGroup var flags: FinanceReportFlags
    func run() async throws { try await flags.write(.revenue) }
}

struct ReportOrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "orders", abstract: FinanceReport.orders.summary)
    @OptionGroup var flags: FinanceReportFlags
    func run() async throws { try await flags.write(.orders) }
}

struct ReportCallsAvoidedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "calls-avoided", abstract: FinanceReport.callsAvoided.summary)
    @OptionGroup var flags: FinanceReportFlags
    @Option(help: "Only this agent's.")
    var agent: String?

    func run() async throws {
        let agent = agent
        try await flags.write(.callsAvoided) { $0.agent = agent }
    }
}
