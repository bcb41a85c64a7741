import FoundationEssentials
import Logging
import Store

/// Log lines on stderr: for people, or one JSON object a line. What is logged holds no secret; this only writes it.
struct StandardStreamLog: LogHandler {
    let label: String
    let isJSON: Bool
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let at = Timestamp.text(Date())
        Output.note(isJSON ? json(event, fields, at) : text(event, fields, at))
    }

    private func text(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)], _ at: String) -> String {
        let words = fields.map { " \($0.key)=\($0.value)" }.joined()
        return TextWidth.plain("\(at) \(event.level) \(event.message)\(words)")
    }

    private func json(_ event: LogEvent, _ fields: [(key: String, value: Logger.MetadataValue)], _ at: String) -> String {
        var json = JSONWriter(capacity: 512)
        json.object { json in
            json.field("at", at)
            json.field("level", event.level.rawValue)
            json.field("label", label)
            json.field("message", event.message.description)
            for (key, value) in fields where !["at", "level", "label", "message"].contains(key) { json.field(key, "\(value)") }
        }
        return json.text
    }
}

extension Settings {
    /// The logger of a command whose own least level is `standard`.
    func logger(_ label: String = "supportmeter", standard: Logger.Level = .error) -> Logger {
        let level = logLevel.flatMap(Logger.Level.init(rawValue:)) ?? standard
        let isJSON = logsJSON
        return Logger(label: label) { StandardStreamLog(label: $0, isJSON: isJSON, logLevel: level) }
    }
}
