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
        let (closed, zone) = try await Database.use(settings.resolve()) { store in
            let shop = try await shop.find(store)
            return (try await store.closePeriod(month.day, note: note, in: shop, by: .commandLine).orRefuse(), shop.timeZone)
        }
        let (name, next) = (month.day.description.prefix(7), MonthRules.next(after: month.day))
        format.one("closed: \(name) and every month before it; nothing is dated before \(next) (\(zone)) any more") { closed.write(&$0) }
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
    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let periods = try await Database.use(settings.resolve()) { store in try await store.periods(of: try await shop.find(store).id) }
        format.list(periods, empty: "no month was closed yet: `supportmeter period close 2026-05 --note ...` closes one", json: { $1.write(&$0) }) {
            var table = Table([
                .init(title: "MONTH"), .init(title: "STATE"), .init(title: "WHEN (UTC)"), .init(title: "BY"), .init(title: "NOTE", isFlexible: true),
            ])
            for period in periods {
                let month = String(period.month.description.prefix(7))
                if let at = period.reopenedAt { table.add(month, "REOPENED", shown(at), period.reopenedBy ?? "", period.reopenNote ?? "") }
                table.add(period.isClosed ? month : "", "closed", shown(period.closedAt), period.closedBy, period.note)
            }
            return table
        }
    }

    private func shown(_ instant: Date) -> String { String(Timestamp.text(instant).prefix(16).replacing("T", with: " ")) }
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
