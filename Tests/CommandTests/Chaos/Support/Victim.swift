import Foundation
import Postgres
import TestSupport

/// A daemon and its PostgreSQL, either of which may be killed at any instant and comes back.
final class Victim: Sendable {
    enum Kind: Sendable, CaseIterable {
        /// The daemon runs its own PostgreSQL, and must bring it back by itself.
        case embedded
        /// The daemon uses a server that somebody else starts again.
        case dedicated
    }

    let kind: Kind
    private let folder: String
    private let server: TestServer?
    private let database: TestDatabase?
    private let daemon = Locked<DaemonProcess?>(nil)

    private init(kind: Kind, folder: String, server: TestServer?, database: TestDatabase?) {
        self.kind = kind
        self.folder = folder
        self.server = server
        self.database = database
    }

    /// Runs the body with one, and leaves neither process nor file behind, however the body ends.
    static func with(_ kind: Kind, _ body: (Victim) async throws -> Void) async throws {
        let folder = "/tmp/supportmeter-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        let server = kind == .dedicated ? try await TestServer.dedicated() : nil
        let database = try await server?.createDatabase()
        let victim = Victim(kind: kind, folder: folder, server: server, database: database)
        do {
            if let database {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
                try database.url.write(toFile: folder + "/url", atomically: true, encoding: .utf8)
                let store = ChaosDatabase.open(database.url)
                _ = try await store.migrate()
                await store.pool.shutdown()
            }
            try await body(victim)
        } catch {
            await victim.remove()
            throw error
        }
        await victim.remove()
    }

    private func remove() async {
        await current?.kill()
        if let pid = postmaster { Foundation.kill(pid, SIGKILL) }
        await server?.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    var current: DaemonProcess? { daemon.with { $0 } }

    /// Starts the daemon; it need not be ready.
    @discardableResult
    func start() throws -> DaemonProcess {
        let database = kind == .embedded ? ["--data-dir", folder] : ["--database-url-file", folder + "/url"]
        let process = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--log-level", "warning"] + database)
        daemon.with { $0 = process }
        return process
    }

    /// For the test's own pool. Nil while an embedded server is not ready.
    var url: String? {
        switch kind {
        case .embedded: FolderGuest.connectionString(folder: folder)
        case .dedicated: database?.url
        }
    }

    private var postmaster: Int32? {
        guard kind == .embedded else { return server?.postmasterPID }
        guard let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8) else { return nil }
        guard let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) }), Foundation.kill(pid, 0) == 0 else { return nil }
        return pid
    }

    func killDaemon() async { await current?.kill() }

    /// False when there was none to be killed just then.
    func killPostmaster() async -> Bool {
        guard let pid = postmaster else { return false }
        Foundation.kill(pid, SIGKILL)
        try? await eventually("the postmaster is gone", within: 10) { Foundation.kill(pid, 0) != 0 }
        return true
    }

    /// What somebody else does for a server that is not the daemon's.
    func restartServer() async throws {
        if kind == .dedicated { try await server?.recover() }
    }
}
