import Foundation
import Postgres

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
        DemoFolder.removeLeftovers()
        path = DemoFolder.parent.appendingPathComponent(DemoFolder.prefix + "\(ProcessInfo.processInfo.processIdentifier)").path
    }

    private static let prefix = "supportmeter-demo-"
    private static var parent: URL { FileManager.default.temporaryDirectory }

    /// Folders of demos that were killed and could not tidy up.
    private static func removeLeftovers() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] where name.hasPrefix(prefix) {
            guard let owner = pid_t(name.dropFirst(prefix.count)), kill(owner, 0) != 0, errno == ESRCH else { continue }
            let folder = parent.appendingPathComponent(name)
            // Its PostgreSQL may still be ending.
            guard FolderGuest.connectionString(folder: folder.path) == nil else { continue }
            try? FileManager.default.removeItem(at: folder)
        }
    }

    func remove() {
        if let path { try? FileManager.default.removeItem(atPath: path) }
    }
}
