import Foundation
import Postgres
import TestSupport
import Testing

@Suite struct EmbeddedServerTests {
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
        try "1\n\(folder)/data\n0\n5432\n\n\n  1 1\nready\n".write(
            toFile: folder + "/data/postmaster.pid", atomically: false, encoding: .utf8)
        try await server.start()
        await server.stop()
        #expect(!FileManager.default.fileExists(atPath: folder + "/data.unfinished"))
        try FileManager.default.removeItem(atPath: folder)
    }

    @Test("a server that survived an earlier life is stopped before a new one starts")
    func orphan() async throws {
        let folder = folder()
        let server = makeServer(folder)
        try await server.start()
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(try #require(server.processID))/exe")
        await server.stop()
        let postgres = [program, "-D", folder + "/data", "-k", folder + "/socket", "-c", "listen_addresses="]
        let orphan = Process()
        orphan.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        orphan.arguments = (geteuid() == 0 ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"] : []) + postgres
        orphan.standardError = FileHandle.nullDevice
        try orphan.run()
        while !FileManager.default.fileExists(atPath: folder + "/data/postmaster.pid") { await Task.yield() }
        try await server.start()
        #expect(try await withPool(server) { try $0.execute("SELECT 1") } == 1)
        orphan.waitUntilExit()
        await server.stop()
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
}
