import Dispatch
import Logging
import Postgres
import Store

/// The database of one command: a server given by its URL, or the embedded one, our own or that of a `serve` that is running.
struct Database: Sendable {
    let store: Store
    /// Set when this process owns the embedded server.
    private let server: EmbeddedServer?
    /// Held while another process owns it.
    private let guest: FolderGuest?

    /// How long a command waits for another process to start or to stop the embedded server, and for its guests to leave.
    private static let waitSecondsMax = 60.0
    private static let pause = Duration.milliseconds(20)
    /// A command needs little.
    private static let connectionsMax = 3

    /// Opens the database, runs the body and closes the database again. Throws `CommandFailure`: exit 69 when it cannot be reached, exit 1
    /// when its schema is not this binary's (unless `anySchema`).
    static func use<T: Sendable>(_ settings: Settings, anySchema: Bool = false, _ body: (Store) async throws -> T) async throws -> T {
        let database = try await open(settings)
        do {
            if !anySchema { try await database.store.checkSchema() }
            let value = try await body(database.store)
            await database.close(settings)
            return value
        } catch {
            await database.close(settings)
            throw error
        }
    }

    private static func open(_ settings: Settings) async throws -> Database {
        if let url = settings.databaseURL {
            return Database(store: try await connect(url.value, settings), server: nil, guest: nil)
        }
        let server = EmbeddedServer(EmbeddedServerConfiguration(folder: settings.dataDirectory), logger: settings.logger())
        let deadline = DispatchTime.now() + waitSecondsMax
        while true {
            do {
                try await server.start()
                guard let url = server.connectionString else { throw CommandFailure.unreachable("the embedded PostgreSQL is not running") }
                return Database(store: try await connect(url, settings), server: server, guest: nil)
            } catch let error as PostgresError where error.isFolderInUse {
                if let database = try await join(settings) { return database }
                guard DispatchTime.now() < deadline else { throw CommandFailure.unreachable("\(error), and its database does not become ready") }
                try await Task.sleep(for: pause)
            }
        }
    }

    /// As a guest of whoever runs the folder's server; nil while it is starting or stopping.
    private static func join(_ settings: Settings) async throws -> Database? {
        let folder = settings.dataDirectory
        guard let guest = FolderGuest(folder: folder), let url = FolderGuest.connectionString(folder: folder),
            let store = try? await connect(url, settings)
        else { return nil }
        return Database(store: store, server: nil, guest: guest)
    }

    private static func connect(_ url: String, _ settings: Settings) async throws -> Store {
        var configuration = PoolConfiguration(url)
        configuration.connectionsMax = connectionsMax
        configuration.waitSecondsMax = Double(max(settings.poolWaitSeconds, settings.connectSeconds + 1))
        configuration.connectSecondsMax = settings.connectSeconds
        let logger = settings.logger()
        let pool = Pool(configuration, logger: logger)
        do {
            _ = try await pool.read { $0.backendPID }
        } catch {
            await pool.shutdown()
            throw error
        }
        return Store(pool: pool, logger: logger)
    }

    private func close(_ settings: Settings) async {
        await store.shutdown()
        guard let server else { return }
        let deadline = DispatchTime.now() + Database.waitSecondsMax
        var alone = FolderGuest.excludingAll(folder: settings.dataDirectory)
        while alone == nil, DispatchTime.now() < deadline {
            try? await Task.sleep(for: Database.pause)
            alone = FolderGuest.excludingAll(folder: settings.dataDirectory)
        }
        await server.stop()
        withExtendedLifetime(alone) {}
    }
}
