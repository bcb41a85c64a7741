import Foundation
import Postgres
import TestSupport
import Testing

// What tests of the embedded server share: a server in a folder of its own, and a pool to it for one transaction.

func makeServer(_ folder: String) -> EmbeddedServer {
    var configuration = EmbeddedServerConfiguration(folder: folder)
    configuration.sharedMegabytes = 32
    configuration.stopSecondsMax = 60
    return EmbeddedServer(configuration, logger: TestServer.logger)
}

func folder(_ name: String = "embedded") -> String {
    "/tmp/supportmeter-test-\(ProcessInfo.processInfo.processIdentifier)-\(name)-\(UUID().uuidString.prefix(6))"
}

func withPool<T: Sendable>(_ server: EmbeddedServer, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
    let pool = Pool(PoolConfiguration(try #require(server.connectionString)), logger: TestServer.logger)
    let result = await Task { try await pool.transaction(body) }.result
    await pool.shutdown()
    return try result.get()
}
