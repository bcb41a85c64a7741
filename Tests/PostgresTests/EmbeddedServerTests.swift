import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct EmbeddedServerTests {
    private func makeServer(_ folder: String) -> EmbeddedServer {
        var configuration = EmbeddedServerConfiguration(folder: folder)
        configuration.sharedMegabytes = 32
        configuration.stopSecondsMax = 60
        return EmbeddedServer(configuration, logger: TestServer.logger)
    }

    private func folder(_ name: String = "embedded") -> String {
        "/tmp/supportmeter-test-\(ProcessInfo.processInfo.processIdentifier)-\(name)-\(UUID().uuidString.prefix(6))"
    }

    private func withPool<T: Sendable>(_ server: EmbeddedServer, _ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        let pool = Pool(PoolConfiguration(try #require(server.connectionString)), logger: TestServer.logger)
        let result = await Task { try await pool.transaction(body) }.result
        await pool.shutdown()
        return try result.get()
    }

    @Test("it starts in an empty folder, durable and on its socket only, stops, and starts again with what was written")
    func life() async throws {
        let folder = folder()
        let server = makeServer(folder)
        try await server.start()
        try await withPool(server) { try $0.executeScript("CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')") }
        let settings = try await withPool(server) { connection in
            try ["fsync", "synchronous_commit", "full_page_writes", "listen_addresses", "data_checksums", "server_encoding"].map { name in
                try connection.queryOne("SELECT current_setting(\(name))") { try $0.next(String.self) }
            }
        }
        #expect(settings == ["on", "on", "on", "", "on", "UTF8"])
        let order = try await withPool(server) {
            try $0.query("SELECT t FROM unnest('{b,a,B,č,z}'::text[]) t ORDER BY t") { try $0.next(String.self) }
        }
        #expect(order == ["B", "a", "b", "z", "č"])
        #expect(try await withPool(server) { try $0.queryOne("SELECT lower('ČŠŽ')") { try $0.next(String.self) } } == "čšž")
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/socket")[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        try await server.start()
        await server.stop()
        #expect(server.connectionString == nil && server.processID == nil)
        try await server.start()
        #expect(try await withPool(server) { try $0.queryOne("SELECT text FROM note") { try $0.next(String.self) } } == "kept")
        await server.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a second one in the same folder is refused politely, and may have it when the first has stopped")
    func secondInstance() async throws {
        let folder = folder()
        let (first, second) = (makeServer(folder), makeServer(folder))
        try await first.start()
        let error = await #expect(throws: PostgresError.self) { try await second.start() }
        #expect(error?.description.contains(folder) == true)
        #expect(error?.description.contains("process \(ProcessInfo.processInfo.processIdentifier)") == true)
        await first.stop()
        try await second.start()
        await second.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("it recovers from kill -9, tells that it died, and keeps what was committed")
    func killed() async throws {
        let folder = folder()
        let server = makeServer(folder)
        try await server.start()
        try await withPool(server) { try $0.executeScript("CREATE TABLE note (text text)") }
        for round in 1...2 {
            _ = try await withPool(server) { try $0.execute("INSERT INTO note VALUES (\("n"))") }
            kill(try #require(server.processID), SIGKILL)
            #expect(await server.serverExited() == ServerExit(code: -SIGKILL, wasRequested: false))
            try await server.start()
            let count = try await withPool(server) { try $0.queryOne("SELECT count(*) FROM note") { try $0.next(Int.self) } }
            #expect(count == round)
        }
        await server.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("an initdb that was killed leaves nothing that a start trips over, nor does a process id of a stranger")
    func halfDone() async throws {
        let folder = folder()
        try FileManager.default.createDirectory(atPath: folder + "/data.unfinished/base", withIntermediateDirectories: true)
        unsafe chmod(folder, 0o755)
        let server = makeServer(folder)
        try await server.start()
        await server.stop()
        try "1\n\(folder)/data\n0\n5432\n\n\n  1 1\nready\n".write(toFile: folder + "/data/postmaster.pid", atomically: false, encoding: .utf8)
        try await server.start()
        await server.stop()
        #expect(!FileManager.default.fileExists(atPath: folder + "/data.unfinished"))
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a folder whose path is too long for a socket gets its socket under /tmp")
    func longPath() async throws {
        let folder = folder(String(repeating: "long", count: 25))
        let server = makeServer(folder)
        try await server.start()
        #expect(server.connectionString?.contains("%2Ftmp%2Fsupportmeter-socket-") == true)
        #expect(try await withPool(server) { try $0.execute("SELECT 1") } == 1)
        await server.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("started by root it runs as somebody else", .enabled(if: geteuid() == 0))
    func rootDrops() async throws {
        let folder = folder()
        let server = makeServer(folder)
        try await server.start()
        let status = try String(contentsOfFile: "/proc/\(try #require(server.processID))/status", encoding: .utf8)
        let ids = status.split(separator: "\n").first { $0.hasPrefix("Uid:") }?.split(separator: "\t").dropFirst() ?? []
        #expect(!ids.isEmpty && !ids.contains("0"))
        let groups = status.split(separator: "\n").first { $0.hasPrefix("Groups:") }?.dropFirst("Groups:".count)
        #expect(groups?.contains { $0.isNumber } == false)
        await server.stop()
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a folder that the server's user cannot reach is refused with the ways out", .enabled(if: geteuid() == 0))
    func unreachableFolder() async throws {
        let parent = folder("closed")
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        unsafe chmod(parent, 0o700)
        let error = await #expect(throws: PostgresError.self) { try await makeServer(parent + "/data").start() }
        #expect(error?.description.contains("cannot enter \(parent)") == true)
        #expect(error?.description.contains("/var/lib/supportmeter") == true)
        try FileManager.default.removeItem(atPath: parent)
    }
}
