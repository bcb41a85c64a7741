import Domain
import Foundation
import Postgres
import Store

/// A migrated database of a test's own, with a store on it whose clock the test moves.
public struct TestStore: Sendable {
    public let database: TestDatabase
    public let store: Store
    public let clock: TestClock

    /// A copy of a database that was migrated once per test process.
    public static func make(connectionsMax: Int = 6, clock: TestClock = TestClock()) async throws -> TestStore {
        let template = try await MigratedTemplate.shared.name()
        let database = try await TestServer.shared.createDatabase(template: template, connectionsMax: connectionsMax)
        let store = Store(pool: database.pool, logger: TestServer.logger) { clock.now }
        return TestStore(database: database, store: store, clock: clock)
    }

    /// Runs the body on a store of its own and removes the database afterwards.
    public static func with<T>(connectionsMax: Int = 6, _ body: (TestStore) async throws -> T) async throws -> T {
        let test = try await make(connectionsMax: connectionsMax)
        do {
            let result = try await body(test)
            await test.database.drop()
            return result
        } catch {
            await test.database.drop()
            throw error
        }
    }
}

/// The database that all others of this process are copied from: migrated by its first use.
actor MigratedTemplate {
    static let shared = MigratedTemplate()
    private var task: Task<String, any Error>?

    func name() async throws -> String {
        let running = task ?? Task {
            let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
            _ = try await Store(pool: database.pool, logger: TestServer.logger).migrate()
            await database.pool.shutdown()
            return database.name
        }
        task = running
        return try await running.value
    }
}
