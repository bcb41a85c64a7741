import ArgumentParser
import Domain
import Foundation
import Reports
import Store

struct PeriodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "period", abstract: "Closes months, so that their reports stay what they were.",
        subcommands: [PeriodCloseCommand.self, PeriodReopenCommand.self, PeriodListCommand.self])
}

/// A month of the calendar, on the command line.
struct MonthArgument: ExpressibleByArgument {
    let day: CivilDay

    init?(argument: String) {
        guard argument.utf8.count == 7, case .success(let period) = ReportPeriod.parse(from: argument, through: nil), let day = period.from else { return nil }
        self.day = day
    }
}

struct PeriodCloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Closes a month and every one before it.",
        discussion: "What comes later takes effect at the first open instant, with its own instant beside it.")

    @Argument(help: ArgumentHelp("The month.", valueName: "2026-05")) var month: MonthArgument
    @OptionGroup var shop: ShopFlag
    @Option(help: "Why, or what was checked.") var note: String
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let closed = try await Database.use(settings.resolve()) { store in
            try await store.closePeriod(month.day, note: note, in: try await shop.find(store), by: .commandLine).orRefuse()
        }
        format.one("closed: nothing is dated before \(Timestamp.text(closed.endsAt)) any more") { closed.write(&$0) }
    }
}

struct PeriodReopenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reopen", abstract: "Opens a closed month again, and every one after it.")

    @Argument(help: ArgumentHelp("The month.", valueName: "2026-05")) var month: MonthArgument
    @OptionGroup var shop: ShopFlag
    @Option(help: "Why.") var note: String
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let reopened = try await Database.use(settings.resolve()) { store in
            try await store.reopenPeriod(month.day, note: note, in: try await shop.find(store), by: .commandLine).orRefuse()
        }
        format.one("REOPENED: reports of \(month.day.description.prefix(7)) and later may come out otherwise from now on") { reopened.write(&$0) }
    }
}

struct PeriodListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Every closing and reopening, the newest month first.")

    @OptionGroup var shop: ShopFlag
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let periods = try await Database.use(settings.resolve()) { store in try await store.periods(of: try await shop.find(store).id) }
        for period in periods {
            let month = period.month.description.prefix(7)
            let state = period.reopenedAt.map { "REOPENED \(Timestamp.text($0)) by \(period.reopenedBy ?? "?"): \(period.reopenNote ?? "")" } ?? "closed"
            Output.line("\(month)  closed \(Timestamp.text(period.closedAt)) by \(period.closedBy): \(period.note)  \(state)")
        }
    }
}

extension PeriodView {
    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("month", String(month.description.prefix(7)))
            json.field("ends_at", Timestamp.text(endsAt))
            json.field("closed_at", Timestamp.text(closedAt))
            json.field("closed_by", closedBy)
            json.field("note", note)
            json.field("reopened_at", reopenedAt.map(Timestamp.text))
            json.field("reopened_by", reopenedBy)
            json.field("reopen_note", reopenNote)
        }
    }
}
