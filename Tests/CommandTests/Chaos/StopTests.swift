import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// How the daemon ends while it is at work.
@Suite(.serialized) struct StopTests {
    private static let spends = 50

    @Test("SIGTERM finishes the spends that were accepted: 50 that wait for a lock are all answered 201, and then it exits with 0")
    func finishes() async throws {
        try await ServeFixture.with { fixture in
            let ticket = try await fixture.ticket()
            let daemon = try fixture.serve()
            let address = try await daemon.address()
            let client = APIClient(token: fixture.chaos.token, connectionsMax: Self.spends)
            let (lock, letGo) = try await locked(fixture)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<Self.spends {
                    group.addTask { try await client.spend(address, ticket: ticket, channel: "email", key: "stop-\(number)").status }
                }
                try await accepted(address, daemon)
                daemon.signal(SIGTERM)
                try await eventually("it no longer listens", within: 20) { await APIClient(token: "").status(address + "/healthz") == nil }
                #expect(!daemon.hasEnded)
                letGo.with { $0 = true }
                #expect(try await group.reduce(into: []) { $0.append($1) } == Array(repeating: 201, count: Self.spends))
            }
            try await lock.value
            #expect(try await daemon.stop() == 0)
            let entries: Int = try await fixture.database.pool.read { try $0.queryOne("SELECT count(*) FROM entry WHERE kind = 'usage'") { try $0.next(Int.self) } } ?? 0
            #expect(entries == Self.spends)
            await client.http.shutdown()
        }
    }

    /// Holds the counters' locks until told.
    private func locked(_ fixture: ServeFixture) async throws -> (Task<Void, any Error>, Locked<Bool>) {
        let (isHeld, letGo) = (Locked(false), Locked(false))
        let pool = fixture.database.pool
        let task = Task {
            try await pool.transaction { connection in
                try connection.execute("SELECT 1 FROM counter FOR UPDATE")
                isHeld.with { $0 = true }
                while !letGo.with({ $0 }) { try connection.execute("SELECT pg_sleep(0.01)") }
            }
        }
        try await eventually("the counters are locked", within: 20) { isHeld.with { $0 } }
        return (task, letGo)
    }

    /// All are decided or waiting in a lane, as the daemon's own figures say.
    private func accepted(_ address: String, _ daemon: DaemonProcess) async throws {
        let watch = APIClient(token: "")
        try await eventually("all spends are accepted: \(daemon.logged)", within: 30) {
            let page = String(decoding: try await watch.http.send(.init(url: address + "/metrics")).body, as: UTF8.self)
            let figures = page.split(separator: "\n").filter { $0.hasPrefix("supportmeter_spends_") }.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            return figures.reduce(0, +) == Self.spends
        }
        await watch.http.shutdown()
    }

    @Test("SIGTERM under load loses nothing: whatever was answered is booked, whatever was not is not")
    func underLoad() async throws {
        try await ServeFixture.with { fixture in
            let ticket = try await fixture.ticket()
            let daemon = try fixture.serve()
            let address = try await daemon.address()
            let client = APIClient(token: fixture.chaos.token, connectionsMax: Self.spends)
            let answers = Locked<[String: Spenders.Outcome]>([:])
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<Self.spends * 4 {
                    group.addTask {
                        let key = "load-\(number)"
                        answers.with { $0[key] = .refused }
                        guard let answer = try? await client.spend(address, ticket: ticket, channel: "sms", key: key) else { return }
                        if answer.status == 201, let entry = APIJSON.entryID(answer.body) { answers.with { $0[key] = .spent(entry) } }
                    }
                }
                await pace(0.05)
                daemon.signal(SIGTERM)
            }
            #expect(try await daemon.stop() == 0, "\(daemon.logged)")
            #expect(try await Audit(store: fixture.chaos.store, shop: fixture.chaos.shop).complaintsAboutKeys(answers.with { $0 }) == [])
            await client.http.shutdown()
        }
    }

    @Test("SIGTERM while the database is still being opened ends it in order, too")
    func early() async throws {
        let folder = "/tmp/supportmeter-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let daemon = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--log-level", "warning", "--data-dir", folder])
        try await eventually("initdb has begun", within: 60) { FileManager.default.fileExists(atPath: folder + "/data.unfinished") }
        #expect(try await daemon.stop() == 0, "\(daemon.logged)")
        #expect(daemon.logged == "")
        #expect(!FileManager.default.fileExists(atPath: folder + "/data/postmaster.pid"))
    }
}
