import Foundation
import Postgres
import Synchronization

/// Removes what throw-away servers leave in /tmp. The servers themselves are ended by the kernel when the test process is.
enum TestServerCleaner {
    private static let folders = Mutex<[String]>([])

    /// At the exit of this process the folder goes; a server that still runs in it is ended first.
    static func willRemove(_ folder: String) {
        let isFirst = folders.withLock { folders in
            folders.append(folder)
            return folders.count == 1
        }
        if isFirst { atexit { TestServerCleaner.removeAll() } }
    }

    private static func removeAll() {
        for folder in folders.withLock({ $0 }) {
            endServer(in: folder)
            try? FileManager.default.removeItem(atPath: folder)
        }
    }

    /// Immediate shutdown: nothing in the folder is needed any more.
    private static func endServer(in folder: String) {
        guard let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8) else { return }
        guard let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }) else { return }
        kill(pid, SIGQUIT)
        for _ in 0..<200 where kill(pid, 0) == 0 { usleep(5_000) }
    }

    /// Folders of test processes that were killed and are no more.
    static func removeLeftovers(prefix: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/tmp")) ?? []
        for name in names where name.hasPrefix(prefix) {
            guard let owner = name.dropFirst(prefix.count).split(separator: "-").first.flatMap({ pid_t($0) }) else { continue }
            guard kill(owner, 0) != 0, errno == ESRCH else { continue }
            endServer(in: "/tmp/\(name)")
            try? FileManager.default.removeItem(atPath: "/tmp/\(name)")
        }
    }
}
