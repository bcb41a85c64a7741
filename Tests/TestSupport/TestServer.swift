import Foundation
import Logging
import Postgres
import Synchronization

/// A real PostgreSQL for tests: one throw-away server per test process, or one of a test's own for kills and restarts.
///
/// `SUPPORTMETER_TEST_POSTGRES_URL` makes `shared` use that server instead; its role must be allowed to create databases.
public final class TestServer: Sendable {
    /// Started by its first use. Ends with the test process, however that ends.
    public static let shared = TestServer(url: ProcessInfo.processInfo.environment["SUPPORTMETER_TEST_POSTGRES_URL"])

    private static let folderPrefix = "supportmeter-test-"

    private let givenURL: String?
    private let embedded: EmbeddedServer
    private let folder: String
    private let starting = Mutex<Task<Void, any Error>?>(nil)
    private let databaseCount = Atomic<Int>(0)

    /// Quiet unless a test fails: only errors.
    public static var logger: Logger {
        var logger = Logger(label: "test") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .critical
        return logger
    }

    private init(url: String?, isDurable: Bool = false) {
        givenURL = url
        folder = "/tmp/\(Self.folderPrefix)\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        var configuration = EmbeddedServerConfiguration(folder: folder)
        configuration.isDurable = isDurable
        configuration.connectionsMax = 400
        configuration.sharedMegabytes = isDurable ? 32 : 128
        configuration.settings["max_prepared_transactions"] = "0"
        embedded = EmbeddedServer(configuration, logger: Self.logger)
    }

    /// A server of the caller's own, with durable settings, that may be killed. `stop()` removes it.
    public static func dedicated() async throws -> TestServer {
        let server = TestServer(url: nil, isDurable: true)
        try await server.start()
        return server
    }

    private func start() async throws {
        let task = starting.withLock { starting in
            if let starting { return starting }
            let task = Task {
                TestServerCleaner.willRemove(folder)
                TestServerCleaner.removeLeftovers(prefix: Self.folderPrefix)
                try await embedded.start()
            }
            starting = task
            return task
        }
        try await task.value
    }

    /// Where the server is, with its maintenance database.
    public func administrationURL() async throws -> String {
        if let givenURL { return givenURL }
        try await start()
        guard let url = embedded.connectionString else { throw PostgresError(.embeddedServer, "the test server is not running") }
        return url
    }

    /// A new, empty database, or a copy of `template`, to which nobody may be connected.
    public func createDatabase(template: String? = nil, connectionsMax: Int = 4) async throws -> TestDatabase {
        let administration = try await administrationURL()
        let number = databaseCount.wrappingAdd(1, ordering: .relaxed).newValue
        let name = "test_\(ProcessInfo.processInfo.processIdentifier)_\(number)_\(UUID().uuidString.prefix(6).lowercased())"
        var statement = "CREATE DATABASE \(name)"
        if let template { statement += " TEMPLATE \(SQL.quoteIdentifier(template))" }
        try await Self.administer(administration, statement)
        return TestDatabase(name: name, administrationURL: administration, connectionsMax: connectionsMax)
    }

    static func administer(_ url: String, _ statement: String) async throws {
        var configuration = PoolConfiguration(url)
        configuration.connectionsMax = 1
        let pool = Pool(configuration, logger: logger)
        defer { Task { await pool.shutdown() } }
        try await pool.read { try $0.executeScript(statement) }
    }

    /// The server's main process; nil when it is not running or not ours.
    public var postmasterPID: Int32? { embedded.processID }

    /// Ends all sessions in order and starts the server again in the same place.
    public func restart() async throws {
        await embedded.stop()
        try await embedded.start()
    }

    /// SIGKILL to the server's main process; returns when it is gone. `recover` starts it again.
    public func kill() async {
        if let pid = embedded.processID { Foundation.kill(pid, SIGKILL) }
        _ = await embedded.serverExited()
    }

    /// Stops the server in order, as an administrator does; `recover` starts it again.
    public func interrupt() async { await embedded.stop() }

    /// Starts the server again after `kill`; returns when it accepts connections.
    public func recover() async throws {
        try await embedded.start()
    }

    /// Ends the server and removes its files.
    public func stop() async {
        await embedded.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }
}
