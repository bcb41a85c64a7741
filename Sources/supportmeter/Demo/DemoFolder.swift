import Foundation

/// Where the demo's database lies: the folder that was asked for, else one that goes with the demo.
struct DemoFolder {
    /// Nil: as the settings say.
    let path: String?

    init(_ flags: ServerSettingsFlags) throws {
        let settings = try flags.resolve()
        guard settings.databaseURL == nil, flags.common.dataDir == nil else {
            path = nil
            return
        }
        path = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-demo-\(ProcessInfo.processInfo.processIdentifier)").path
    }

    func remove() {
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }
}
