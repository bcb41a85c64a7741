import Foundation
import Postgres
import TestSupport
import Testing

/// Commands without a database URL.
@Suite struct EmbeddedTests {
    /// The server drops to another user when we are root, who must be able to pass through.
    private func folder() -> String { "/tmp/supportmeter-embedded-\(UUID().uuidString.prefix(8))" }

    @Test("commands start the embedded PostgreSQL, use it one beside the other, and leave nothing running")
    func embedded() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try await Program.run(["migrate", "--data-dir", folder])
        #expect(first.exitCode == 0, "\(first.errors)")
        let runs = try await withThrowingTaskGroup(of: Program.Run.self) { group in
            for _ in 0..<3 { group.addTask { try await Program.run(["shop", "list", "--data-dir", folder]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(runs.map(\.exitCode) == [0, 0, 0], "\(runs.map(\.errors))")
        #expect(!FileManager.default.fileExists(atPath: folder + "/data/postmaster.pid"))
    }

    @Test("while another process runs the folder's server, commands are its guests and leave it running")
    func guests() async throws {
        let folder = folder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let server = EmbeddedServer(EmbeddedServerConfiguration(folder: folder), logger: TestServer.logger)
        try await server.start()
        for command in [["migrate"], ["shop", "list"]] {
            let run = try await Program.run(command + ["--data-dir", folder])
            #expect(run.exitCode == 0, "\(run.errors)")
        }
        #expect(server.processID != nil)
        await server.stop()
    }
}
