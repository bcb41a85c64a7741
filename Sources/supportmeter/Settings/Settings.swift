import FoundationEssentials
import Glibc
import Store

/// The settings as they are for this run: from flags, else the environment, else a YAML file, else the default.
struct Settings: Sendable {
    /// Where a value comes from, for messages and the `settings` command.
    struct Value: Sendable {
        let text: String
        let source: String
    }

    private let values: [String: Value]

    /// `flags` are by setting name, `--config` and `--database-url-file` already read out of them.
    /// Throws `CommandFailure` (exit 2) with one line that names the setting and what would be right.
    init(flags: [String: Value], configFile: String?, environment: [String: String]) throws {
        var values = try SettingsFile.read(configFile, environment: environment)
        if let url = environment["DATABASE_URL"], !url.isEmpty { values["database-url"] = Value(text: url, source: "DATABASE_URL") }
        for setting in Setting.all {
            if let text = environment[setting.environmentName], !text.isEmpty {
                values[setting.name] = Value(text: text, source: setting.environmentName)
            }
        }
        values.merge(flags) { $1 }
        for setting in Setting.all {
            guard let value = values[setting.name], !setting.kind.accepts(value.text) else { continue }
            let found = setting.isSecret ? "" : ", found \"\(value.text.prefix(64))\""
            throw CommandFailure.usage("setting \(setting.name) (\(value.source)): expected \(setting.kind.expected)\(found)")
        }
        self.values = values
    }

    /// What was set; nil when the default holds.
    func value(of setting: Setting) -> Value? { values[setting.name] }

    private func text(_ setting: Setting) -> String? { values[setting.name]?.text }
    private func number(_ setting: Setting) -> Int? { text(setting).flatMap { Int($0) } }

    var databaseURL: SecretText? { text(.databaseURL).map(SecretText.init) }
    /// Absolute.
    var dataDirectory: String { FilePath.absolute(text(.dataDirectory) ?? Settings.dataDirectoryDefault) }
    /// Absolute; nil when nothing can be sent.
    var spoolDirectory: String? {
        if let given = text(.spoolDirectory) { return FilePath.absolute(given) }
        return databaseURL == nil ? dataDirectory + "/spool" : nil
    }
    /// Absolute; nil when no month is exported.
    var exportDirectory: String? { text(.exportDirectory).map(FilePath.absolute) }
    var listen: ListenAddress { text(.listen).flatMap { ListenAddress($0) } ?? Settings.listenDefault }
    /// Nil: what `listen` turns out to be.
    var publicURL: String? { text(.publicURL) }
    /// In the words of swift-log; nil: whatever the command's default is.
    var logLevel: String? { text(.logLevel) }
    var logsJSON: Bool { text(.logFormat).map { $0 == "json" } ?? (isatty(STDERR_FILENO) == 0) }
    var poolConnections: Int { number(.poolConnections) ?? 6 }
    var poolWaitSeconds: Int { number(.poolWait) ?? 5 }
    var connectSeconds: Int { number(.connectWait) ?? 5 }

    private static let listenDefault = ListenAddress(host: "127.0.0.1", port: 8080)

    private static var dataDirectoryDefault: String {
        if geteuid() == 0 { return "/var/lib/supportmeter" }
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "."
        return home + "/.local/share/supportmeter"
    }
}

extension ListenAddress {
    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}
