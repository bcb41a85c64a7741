import ArgumentParser
import FoundationEssentials
import Glibc
import Store
import Synchronization

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove over the whole database that every counter adds up and no entry was changed.",
        discussion: "Stops at the first row that does not hold, names it, and ends with 1. Reads only; may run beside a daemon.")

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let progress = Progress(isShown: !format.json)
        let report = try await Database.use(settings.resolve()) { store in
            try await store.verify { progress.show("\($0.tickets) tickets, \($0.entries) entries") }
        }
        progress.clear()
        let figures = report.figures
        let sum = "\(figures.shops) shops, \(figures.tickets) tickets, \(figures.counters) counters, \(figures.grants) grants, \(figures.entries) entries"
        if format.json { format.one("") { report.write(&$0) } }
        if let problem = report.problem {
            throw format.json ? CommandFailure.answered : CommandFailure.no("\(problem)")
        }
        if !format.json { Output.line("everything adds up: \(sum)") }
    }
}

extension VerifyReport {
    fileprivate func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field("clean", isClean)
            for (name, figure) in [
                ("shops", figures.shops), ("tickets", figures.tickets), ("counters", figures.counters), ("grants", figures.grants),
                ("entries", figures.entries), ("keys", figures.keys),
            ] { json.field(name, figure) }
            json.field("problem") { json in
                guard let problem else { return json.null() }
                json.object { json in
                    json.field("table", problem.table)
                    json.field("row", problem.key)
                    json.field("rule", problem.rule)
                    json.field("found", problem.found)
                    json.field("expected", problem.expected)
                }
            }
        }
    }
}
