import ArgumentParser
import FoundationEssentials

/// The settings that every command takes as flags. What each may be stands in the table of settings.
struct SettingsFlags: ParsableArguments {
    @Option(help: ArgumentHelp("A YAML file of settings (default: \(Setting.configFileDefault), if there is one).", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "A file with the database URL, `-` reads standard input. \(Setting.databaseURL.help)", valueName: "file"))
    var databaseURLFile: String?

    @Option(help: ArgumentHelp(Setting.dataDirectory.help, valueName: "folder"))
    var dataDir: String?

    @Option(help: ArgumentHelp(Setting.logLevel.help, valueName: "level"))
    var logLevel: String?

    @Option(help: ArgumentHelp(Setting.logFormat.help, valueName: "format"))
    var logFormat: String?

    /// Reads the settings as they are for this run.
    func resolve(dataDirectory: String? = nil, _ more: [(Setting, String?)] = []) throws -> Settings {
        var flags: [String: Settings.Value] = [:]
        for (setting, text) in [(Setting.dataDirectory, dataDir ?? dataDirectory), (.logLevel, logLevel), (.logFormat, logFormat)] + more {
            if let text { flags[setting.name] = Settings.Value(text: text, source: "--" + setting.name) }
        }
        if let databaseURLFile {
            let url = try SecretFile.read(databaseURLFile, what: "database URL file").value
            flags[Setting.databaseURL.name] = Settings.Value(text: url, source: "--database-url-file")
        }
        return try Settings(flags: flags, configFile: config, environment: ProcessInfo.processInfo.environment)
    }
}

/// The settings of `serve` and `demo` on top of those.
struct ServerSettingsFlags: ParsableArguments {
    @OptionGroup var common: SettingsFlags

    @Option(help: ArgumentHelp(Setting.listen.help, valueName: "host:port"))
    var listen: String?

    @Option(help: ArgumentHelp(Setting.spoolDirectory.help, valueName: "folder"))
    var spoolDir: String?

    @Option(help: ArgumentHelp(Setting.exportDirectory.help, valueName: "folder"))
    var exportDir: String?

    @Option(help: ArgumentHelp(Setting.publicURL.help, valueName: "url"))
    var publicURL: String?

    @Option(help: ArgumentHelp(Setting.poolConnections.help, valueName: "number"))
    var poolConnections: String?

    @Option(help: ArgumentHelp(Setting.poolWait.help, valueName: "seconds"))
    var poolWaitSeconds: String?

    @Option(help: ArgumentHelp(Setting.connectWait.help, valueName: "seconds"))
    var connectSeconds: String?

    /// `dataDirectory` stands in for a flag that was not given.
    func resolve(dataDirectory: String? = nil) throws -> Settings {
        try common.resolve(dataDirectory: dataDirectory, [
            (.listen, listen), (.spoolDirectory, spoolDir), (.exportDirectory, exportDir), (.publicURL, publicURL), (.poolConnections, poolConnections), (.poolWait, poolWaitSeconds),
            (.connectWait, connectSeconds),
        ])
    }
}
