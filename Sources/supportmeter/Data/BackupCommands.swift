import ArgumentParser
import Store

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write the whole database to one file, while everything goes on.",
        discussion: "The file holds everything, secrets included; only its owner may read it. `restore` brings it back.")

    @Argument(help: "The file; an older one of that name goes when the new one is complete.")
    var file: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let settings = try settings.resolve()
        let bytes = try await Database.use(settings, anySchema: true) { store in
            try await DatabaseBackup(connectionString: store.pool.configuration.connectionString, logger: settings.logger()).write(
                to: FilePath.absolute(file))
        }
        format.one("\(file): \(bytes) bytes") { json in
            json.object { json in
                json.field("file", file)
                json.field("bytes", bytes)
            }
        }
    }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Bring a backup back into an empty database, up to date and proven.")

    @Argument(help: "What `backup` wrote.")
    var file: String

    @OptionGroup var format: OutputFlags
    @OptionGroup(title: "Settings") var settings: SettingsFlags

    func run() async throws {
        let settings = try settings.resolve()
        let progress = Progress(isShown: !format.json)
        let restored = try await Database.use(settings, anySchema: true) { store in
            try await DatabaseBackup(connectionString: store.pool.configuration.connectionString, logger: settings.logger()).restore(
                from: FilePath.absolute(file)
            ) { progress.show("\($0.tickets) tickets proven") }
        }
        progress.clear()
        let figures = restored.report.figures
        format.one("restored: \(figures.tickets) tickets, \(figures.entries) entries, schema version \(restored.after); everything adds up") { json in
            json.object { json in
                json.field("before", restored.before)
                json.field("after", restored.after)
                json.field("tickets", figures.tickets)
                json.field("entries", figures.entries)
            }
        }
    }
}
