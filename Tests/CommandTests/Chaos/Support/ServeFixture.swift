import Foundation
import Store
import TestSupport

/// A migrated database of a test's own with the shop `demo`, and the arguments for daemons on it.
struct ServeFixture: Sendable {
    let database: TestDatabase
    let chaos: ChaosDatabase
    private let folder: String

    /// `ofItsOwn`: on a server that the test may kill.
    static func with(shopURL: String = "http://127.0.0.1:9", server: TestServer? = nil, _ body: (ServeFixture) async throws -> Void) async throws {
        let folder = "/tmp/supportmeter-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let database = try await (server ?? .shared).createDatabase()
        do {
            _ = try await Store(pool: database.pool, logger: TestServer.logger).migrate()
            try database.url.write(toFile: folder + "/url", atomically: true, encoding: .utf8)
            let chaos = try await ChaosDatabase.prepare(url: database.url, shopURL: shopURL)
            try await body(ServeFixture(database: database, chaos: chaos, folder: folder))
            await chaos.store.pool.shutdown()
        } catch {
            await database.drop()
            throw error
        }
        await database.drop()
    }

    var databaseFlags: [String] { ["--database-url-file", folder + "/url"] }

    func serve(_ more: String...) throws -> DaemonProcess {
        try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--log-level", "warning"] + databaseFlags + more)
    }

    func ticket() async throws -> Int64 { try await chaos.ticket() }
}
