import ArgumentParser
import OrderFeed
import Store

struct ShopTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Contact a shop and say what is wrong with its URL, keys, TLS or clock.",
        discussion: "Exit 0 when nothing is in the way, 1 when the shop answers and something is wrong, 69 when it cannot be reached. Changes nothing.")

    @Argument(help: ArgumentHelp("The shop.", valueName: "slug"))
    var slug: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let settings = try settings.resolve()
        let report = try await Database.use(settings) { store in
            try await FeedDesk(store: store, logger: settings.logger()).testConnection(ShopFlag.find(store, slug: slug))
        }
        if format.json { Output.line(report.json) } else { tell(report) }
        if !report.isGood { throw CommandFailure(message: nil, exitCode: report.isReached ? 1 : 69) }
    }

    /// Sentences are read whole, so they are not cut to the screen.
    private func tell(_ report: ConnectionReport) {
        for step in report.steps {
            let mark = step.outcome.rawValue.padding(7)
            Output.line("\(mark)  \(step.name.padding(9))  \(TextWidth.plain(step.sentence))")
        }
    }
}

extension ConnectionReport {
    /// False when not even the address answered.
    fileprivate var isReached: Bool { !steps.contains { $0.name == "address" && $0.outcome == .bad && $0.slug != "bad-address" } }
}

extension String {
    fileprivate func padding(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
