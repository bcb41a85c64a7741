import ArgumentParser
import Store

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "migrate", abstract: "Bring the schema of the database up to date.")

    @Flag(help: "Only show what would be done.")
    var dryRun = false

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let report = try await Database.use(settings.resolve(), anySchema: true) { try await $0.migrate(dryRun: dryRun) }
        let isCurrent = report.files.isEmpty
        let action = dryRun ? "would be applied" : "applied"
        let files = report.files.map { "\n  \($0)" }.joined()
        format.one(
            isCurrent
                ? "schema version \(report.after): up to date" : "schema version \(report.before) to \(report.after), \(action):\(files)"
        ) { json in
            json.object { json in
                json.field("before", report.before)
                json.field("after", report.after)
                json.field("files") { $0.array(report.files) { $0.string($1) } }
                json.field("dry_run", dryRun)
            }
        }
    }
}
