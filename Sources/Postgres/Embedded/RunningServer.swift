import CPostgres
import Dispatch
import Logging

/// An embedded server that was started: its process, its socket and the right to its folder. Everything here blocks.
final class Running: Sendable {
    let child: ChildProcess
    let lock: FolderLock
    private let socket: ServerSocket
    private let roleName: String

    private static let readyPauseMicroseconds: UInt32 = 5_000
    private static let lastSecondsMax = 5.0

    private init(child: ChildProcess, lock: FolderLock, socket: ServerSocket, roleName: String) {
        self.child = child
        self.lock = lock
        self.socket = socket
        self.roleName = roleName
    }

    /// Locks the folder (unless we hold it from before), makes the cluster when there is none, clears what an earlier life left, starts
    /// the server and waits for it.
    static func start(_ configuration: EmbeddedServerConfiguration, lock: FolderLock?, logger: Logger) throws -> Running {
        let programs = try ServerPrograms.find()
        let folder = try ServerFolder(configuration)
        let lock = try lock ?? FolderLock(folder.folder)
        try folder.prepare(programs)
        try OrphanedServer(dataFolder: folder.data).stop(seconds: configuration.stopSecondsMax)
        let socket = try ServerSocket(folder)
        let output = try folder.openLog()
        defer { close(output) }
        let arguments = ["-D", folder.data] + ServerSettings(configuration: configuration, socket: socket).arguments
        let child = try ChildProcess(
            .init(
                program: programs.postgres, arguments: arguments, user: folder.user, folder: folder.data, outputFile: output,
                deathSignal: SIGINT))
        let running = Running(child: child, lock: lock, socket: socket, roleName: configuration.databaseName)
        do {
            try running.waitUntilReady(configuration, folder)
            try running.makeDatabase(configuration.databaseName, logger: logger)
        } catch {
            running.stop(configuration, logger: logger)
            throw error
        }
        logger.info("the embedded PostgreSQL runs", metadata: ["folder": "\(folder.folder)", "pid": "\(child.pid)"])
        return running
    }

    func connectionString(databaseName: String) -> String {
        "postgresql:///\(databaseName)?host=\(socket.encodedFolder)&user=\(roleName)"
    }

    /// Crash recovery is waited for as well. The server writes "ready" into a file of its own, so nobody has to knock while it recovers:
    /// each connection would be a process that it must start and a line in its log.
    private func waitUntilReady(_ configuration: EmbeddedServerConfiguration, _ folder: ServerFolder) throws {
        let deadline = DispatchTime.now() + configuration.startSecondsMax
        let target = connectionString(databaseName: "postgres")
        while !isReady(target, folder) {
            if child.exitCode != nil {
                throw PostgresError(.embeddedServer, "PostgreSQL ended while it was starting, see \(folder.log)", message: folder.logTail())
            }
            guard DispatchTime.now() < deadline else {
                throw PostgresError(.embeddedServer, "PostgreSQL was not ready in time, see \(folder.log)", message: folder.logTail())
            }
            usleep(Self.readyPauseMicroseconds)
        }
    }

    private func isReady(_ target: String, _ folder: ServerFolder) -> Bool {
        guard FolderGuest.connectionString(folder: folder.folder) != nil else { return false }
        return unsafe PQping(target) == PQPING_OK
    }

    private func makeDatabase(_ name: String, logger: Logger) throws {
        let connection = try Connection.open(PoolConfiguration(connectionString(databaseName: "postgres")), logger: logger)
        let exists = try connection.queryOne("SELECT true FROM pg_database WHERE datname = \(name)") { try $0.next(Bool.self) }
        if exists == nil { try connection.executeScript("CREATE DATABASE \(SQL.quoteIdentifier(name))") }
    }

    /// Fast: sessions are ended and everything is written. Immediate, when that takes too long: the next start recovers.
    func stop(_ configuration: EmbeddedServerConfiguration, logger: Logger) {
        for (signal, seconds) in [(SIGINT, configuration.stopSecondsMax), (SIGQUIT, Self.lastSecondsMax), (SIGKILL, Self.lastSecondsMax)] {
            child.signal(signal)
            if child.waitForEnd(seconds: seconds) { break }
            logger.warning("the embedded PostgreSQL does not stop", metadata: ["signal": "\(signal)", "pid": "\(child.pid)"])
        }
        socket.remove()
    }
}
