import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// How the daemon begins, and what it says when it cannot.
@Suite(.serialized) struct StartTests {
    @Test("it says where it listens, flushed in a pipe, and is ready at once; SIGTERM and SIGINT end it with 0", arguments: [SIGTERM, SIGINT])
    func starts(_ signal: Int32) async throws {
        try await ChaosShop.with { shop in
            try await ServeFixture.with(shopURL: shop.address) { try await live($0, signal) }
        }
    }

    private func live(_ fixture: ServeFixture, _ signal: Int32) async throws {
        let began = ContinuousClock.now
        let daemon = try fixture.serve()
        let address = try await daemon.address()
        #expect(address.hasPrefix("http://127.0.0.1:"))
        let client = APIClient(token: fixture.chaos.token)
        try await client.waitUntilReady(address)
        print("chaos: start to ready, database up: \(String(format: "%.2f", seconds(since: began))) s")
        await client.http.shutdown()
        let asked = ContinuousClock.now
        #expect(try await daemon.stop(signal) == 0, "\(daemon.logged)")
        print("chaos: ended \(String(format: "%.2f", seconds(since: asked))) s after signal \(signal)")
        #expect(seconds(since: asked) < 10)
        #expect(daemon.logged == "", "an orderly life leaves no warning")
        #expect(daemon.said == "listening on \(address)\n")
    }

    /// One line on stderr, nothing on stdout, and that exit code.
    private func refused(_ daemon: DaemonProcess, _ code: Int32, _ words: [String]) async throws {
        try await eventually("it gives up: \(daemon.logged)", within: 60) { daemon.hasEnded }
        #expect(await daemon.ended() == code)
        #expect(daemon.said == "")
        #expect(daemon.logLines.count == 1, "\(daemon.logged)")
        for word in words { #expect(daemon.logged.contains(word), "\(daemon.logged)") }
    }

    @Test("a port in use is one clear line and exit 1")
    func portInUse() async throws {
        try await ServeFixture.with { fixture in
            let first = try fixture.serve()
            let port = String(try await first.address().split(separator: ":").last ?? "")
            let second = try DaemonProcess(["serve", "--listen", "127.0.0.1:\(port)"] + fixture.databaseFlags)
            try await refused(second, 1, ["127.0.0.1:\(port) is already in use"])
            try await first.stop()
        }
    }

    @Test("a second daemon on the same folder is refused politely, with the folder and the owner's process id")
    func folderInUse() async throws {
        let folder = "/tmp/supportmeter-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--data-dir", folder])
        _ = try await first.address()
        let second = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--data-dir", folder])
        try await refused(second, 69, [folder, "process \(first.pid)"])
        try expectOwned(folder)
        #expect(try await first.stop() == 0)
        #expect(!FileManager.default.fileExists(atPath: folder + "/data/postmaster.pid"))
    }

    /// Root's PostgreSQL runs as somebody without rights, to whom everything belongs and nobody else may look.
    private func expectOwned(_ folder: String) throws {
        guard geteuid() == 0 else { return }
        for path in [folder, folder + "/data", folder + "/socket"] {
            let facts = try FileManager.default.attributesOfItem(atPath: path)
            #expect((facts[.ownerAccountID] as? NSNumber)?.intValue != 0, "\(path)")
            #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o700, "\(path)")
        }
    }

    @Test("a database newer than the binary, and one that was never migrated, are one line each and exit 1")
    func schema() async throws {
        try await ServeFixture.with { fixture in
            _ = try await fixture.database.pool.transaction { try $0.execute("INSERT INTO schema_migration VALUES (9999, 'future', '\\x00', now())") }
            try await refused(try fixture.serve(), 1, ["schema version 9999", "install the newer supportmeter"])
            try await fixture.database.pool.transaction { _ = try $0.execute("DROP TABLE schema_migration") }
            try await refused(try fixture.serve(), 1, ["run `supportmeter migrate`"])
        }
    }

    @Test("a database that is not there is one line without the password, and exit 69")
    func unreachable() async throws {
        let file = FileManager.default.temporaryDirectory.path + "/chaos-url-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try "postgresql://meter:hunter2@127.0.0.1:9/meter".write(toFile: file, atomically: true, encoding: .utf8)
        let daemon = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--database-url-file", file])
        try await refused(daemon, 69, ["the database is not reachable"])
        #expect(!daemon.logged.contains("hunter2"))
    }
}
