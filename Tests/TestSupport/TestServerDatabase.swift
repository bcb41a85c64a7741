import Foundation
import Postgres

/// A database of one test's own.
public struct TestDatabase: Sendable {
    public let name: String
    /// For programs that take a database URL.
    public let url: String
    public let pool: Pool
    private let administrationURL: String

    init(name: String, administrationURL: String, connectionsMax: Int) {
        self.name = name
        self.administrationURL = administrationURL
        url = Self.url(administrationURL, database: name)
        var configuration = PoolConfiguration(url)
        configuration.connectionsMax = connectionsMax
        configuration.waitSecondsMax = 60
        configuration.connectSecondsMax = 30
        pool = Pool(configuration, logger: TestServer.logger)
    }

    /// A second pool to the same database, with limits of its own.
    public func makePool(_ change: (inout PoolConfiguration) -> Void = { _ in }) -> Pool {
        var configuration = pool.configuration
        change(&configuration)
        return Pool(configuration, logger: TestServer.logger)
    }

    /// Closes the pool and removes the database, whoever else is connected.
    public func drop() async {
        await pool.shutdown()
        try? await TestServer.administer(administrationURL, "DROP DATABASE IF EXISTS \(name) WITH (FORCE)")
    }

    private static func url(_ administrationURL: String, database: String) -> String {
        guard var components = URLComponents(string: administrationURL) else { return administrationURL }
        components.path = "/" + database
        return components.string ?? administrationURL
    }
}
