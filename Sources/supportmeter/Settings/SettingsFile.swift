import FoundationEssentials
import Yams

/// The YAML file of settings: one mapping from setting names to words or numbers.
enum SettingsFile {
    static let bytesMax = 1_000_000

    /// `given` (a flag, else SUPPORTMETER_CONFIG) must exist; the default file may be missing.
    static func read(_ given: String?, environment: [String: String]) throws -> [String: Settings.Value] {
        let named = given ?? environment[Setting.configFileVariable].flatMap { $0.isEmpty ? nil : $0 }
        let path = named ?? Setting.configFileDefault
        if named == nil, !FileManager.default.fileExists(atPath: path) { return [:] }
        let text = try TextFile.read(path, what: "settings file", bytesMax: bytesMax)
        let reader = try YAMLReader(text, file: path)
        var values: [String: Settings.Value] = [:]
        for (key, node) in try reader.mapping(reader.root, path: "") {
            guard Setting.all.contains(where: { $0.name == key }) else {
                throw CommandFailure.usage("\(path): unknown setting \"\(key)\"; `supportmeter settings` lists all there are")
            }
            values[key] = Settings.Value(text: try reader.text(node, path: key), source: path)
        }
        return values
    }
}
