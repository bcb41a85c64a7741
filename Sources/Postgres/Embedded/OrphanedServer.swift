import CPostgres
import Dispatch
import FoundationEssentials

/// What an earlier life left running in a data folder: a postmaster that survived us, or backends that survived their postmaster.
///
/// They are stopped, not adopted: only a child of ours can be watched, and stopped with us, reliably. The caller holds the folder's
/// lock, so nobody else's server is meant.
struct OrphanedServer {
    let dataFolder: String

    private static let pauseMicroseconds: UInt32 = 10_000
    private static let lastSecondsMax = 5.0

    /// Blocks until nothing runs in the folder. Throws when something cannot be stopped.
    func stop(seconds: Double) throws {
        if let postmaster, processes().contains(postmaster) {
            kill(postmaster, SIGINT)
            if waitUntilGone(seconds: seconds) { return }
        }
        for signal in [SIGQUIT, SIGKILL] {
            for pid in processes() { kill(pid, signal) }
            if waitUntilGone(seconds: Self.lastSecondsMax) { return removeStaleLock() }
        }
        throw PostgresError(.embeddedServer, "an earlier PostgreSQL still runs in \(dataFolder) and cannot be stopped")
    }

    /// After a reboot the process id in `postmaster.pid` may belong to a stranger, and PostgreSQL would refuse to start. Nothing runs
    /// in the folder when this is called, so the file says nothing any more.
    private func removeStaleLock() {
        unsafe unlink(dataFolder + "/postmaster.pid")
    }

    private var postmaster: pid_t? {
        guard let text = try? String(contentsOfFile: dataFolder + "/postmaster.pid", encoding: .utf8) else { return nil }
        return text.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    private func waitUntilGone(seconds: Double) -> Bool {
        let deadline = DispatchTime.now() + seconds
        while !processes().isEmpty {
            guard DispatchTime.now() < deadline else { return false }
            usleep(Self.pauseMicroseconds)
        }
        return true
    }

    /// Every process of a server has its data folder as its working directory.
    private func processes() -> [pid_t] {
        guard let folder = FileFacts.resolved(dataFolder) else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { FileFacts.linkTarget("/proc/\($0)/cwd") == folder && $0 != getpid() }
    }
}

extension FileFacts {
    /// The path without links; nil when there is no such file.
    static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    static func linkTarget(_ path: String) -> String? {
        var target = [UInt8](repeating: 0, count: 4_096)
        let length = unsafe target.withUnsafeMutableBytes { target in
            guard let start = target.baseAddress else { return -1 }
            return unsafe readlink(path, start.assumingMemoryBound(to: CChar.self), target.count)
        }
        return length > 0 ? String(decoding: target[..<length], as: UTF8.self) : nil
    }
}
