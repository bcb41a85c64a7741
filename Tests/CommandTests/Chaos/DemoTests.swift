import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// The demo, as a stranger runs it.
@Suite(.serialized) struct DemoTests {
    private static let arguments = ["demo", "--listen", "127.0.0.1:0", "--pace", "0.2", "--log-level", "warning"]

    @Test("in a pipe it says what to open and type, sells and spends, is proven by a guest of its folder, and leaves nothing behind")
    func pipe() async throws {
        let demo = try DaemonProcess(Self.arguments)
        let address = try await demo.address()
        try await eventually("it says what to type", within: 30) { demo.said.contains("Ctrl-C ends the demo.") }
        let folder = try #require(demo.said.firstMatch(of: /--data-dir (\S+)/)?.1).description
        let token = try #require(demo.said.firstMatch(of: /Bearer (sm_\S+?)"/)?.1).description
        #expect(FileManager.default.fileExists(atPath: folder))
        let client = APIClient(token: token)
        try await eventually("tickets and spends appear", within: 60) {
            guard let page = try? await client.get(address + "/metrics") else { return false }
            let decided = String(decoding: page.body, as: UTF8.self).firstMatch(of: /supportmeter_spends_decided_total (\d+)/).flatMap { Int($0.1) } ?? 0
            return try await APIJSON.tickets(client.get(address + "/api/v1/tickets").body).count > 3 && decided > 5
        }
        try await verify(folder)
        #expect(!demo.said.contains("\u{1B}"), "no escape sequences in a pipe")
        #expect(try await demo.stop(SIGINT) == 0, "\(demo.logged)")
        #expect(demo.logged == "")
        try expectNothingLeft(folder)
        await client.http.shutdown()
    }

    private func verify(_ folder: String) async throws {
        let verify = try DaemonProcess(["verify", "--data-dir", folder])
        try await eventually("verify ends: \(verify.logged)", within: 60) { verify.hasEnded }
        #expect(await verify.ended() == 0, "\(verify.said) \(verify.logged)")
    }

    /// No folder, and no process that works in it.
    private func expectNothingLeft(_ folder: String) throws {
        #expect(!FileManager.default.fileExists(atPath: folder))
        let places = try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { Int($0) != nil }
            .compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\($0)/cwd") }
        #expect(!places.contains { $0.hasPrefix(folder) })
    }

    @Test("Ctrl-C at any moment of its start ends it with 0, or before it took charge, and leaves nothing behind")
    func early() async throws {
        for delay in [0.1, 0.4, 0.8, 1.5, 2.5] {
            let demo = try DaemonProcess(Self.arguments)
            await pace(delay)
            let code = try await demo.stop(SIGINT)
            #expect(code == 0 || code == -SIGINT, "after \(delay) s: \(demo.logged)")
            try expectNothingLeft(FileManager.default.temporaryDirectory.path + "/supportmeter-demo-\(demo.pid)")
        }
    }

    @Test("on a terminal a line moves, and Ctrl-C ends it")
    func terminal() async throws {
        let command = ([DaemonProcess.binary] + Self.arguments).joined(separator: " ")
        let demo = try DaemonProcess(["-qfec", command, "/dev/null"], program: "/usr/bin/script")
        try await eventually("the line moves: \(demo.said) \(demo.logged)", within: 120) {
            demo.said.split(separator: "\u{1B}[K").filter { $0.contains("tickets · left:") }.count >= 3
        }
        let folder = try #require(demo.said.firstMatch(of: /--data-dir (\S+)/)?.1).description
        // Ctrl-C goes to the processes of the terminal; `script` itself is not one of them.
        let pid = try #require(folder.split(separator: "-").last.flatMap { pid_t($0) })
        Foundation.kill(pid, SIGINT)
        try await eventually("it ends: \(demo.said)", within: 60) { demo.hasEnded }
        #expect(await demo.ended() == 0)
        try expectNothingLeft(folder)
    }
}
