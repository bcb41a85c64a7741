import Foundation
import Postgres
import TestSupport
import Testing

@Suite(.enabled(if: geteuid() == 0)) struct EmbeddedServerRootTests {
    @Test("started by root it runs as somebody else")
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

    @Test("a folder that the server's user cannot reach is refused with the ways out")
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
