import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// Months that daemons write by themselves.
@Suite(.serialized) struct MonthExportDaemonTests {
    private static let secondsMax = 90.0

    @Test("a month that is over is written once by two daemons, again when it is closed, and again, loudly, when it is reopened")
    func revisions() async throws {
        try await ServeFixture.with { fixture in
            let (root, shop) = (try TemporaryFolder(), fixture.chaos.shop)
            let month = try await PastMonth.live(fixture.database.pool, shop: shop)
            let daemons = try [fixture.serve("--export-dir", root.path), fixture.serve("--export-dir", root.path)]
            let address = try await daemons[0].address()
            _ = try await daemons[1].address()
            let first = ExportedFolder(path: root.path + "/demo/" + month.name)
            try await made(1, fixture)
            try await first.check()
            #expect(first.manifest["notice"] as? String == "The month is not closed: late facts may still change its figures.")

            let store = fixture.chaos.store
            let known = try #require(try await store.shop(shop))
            _ = try await store.closePeriod(day(month), note: "checked", in: known, by: .commandLine).get()
            try await made(2, fixture)
            let closed = ExportedFolder(path: first.path + "-r2")
            try await closed.check()
            #expect(closed.manifest["books"] as? String == "closed" && closed.manifest["supersedes"] as? String == month.name)

            _ = try await store.reopenPeriod(day(month), note: "one was missing", in: known, by: .commandLine).get()
            try await made(3, fixture)
            let reopened = ExportedFolder(path: first.path + "-r3")
            try await reopened.check()
            #expect((reopened.manifest["notice"] as? String)?.hasPrefix("REOPENED") == true)
            #expect((reopened.manifest["closing"] as? [String: Any])?["reopen_note"] as? String == "one was missing")

            #expect(try FileManager.default.contentsOfDirectory(atPath: root.path + "/demo").sorted() == [month.name, "\(month.name)-r2", "\(month.name)-r3"])
            let client = APIClient(token: fixture.chaos.token)
            let metrics = String(decoding: try await client.get(address + "/metrics").body, as: UTF8.self)
            #expect(metrics.contains("supportmeter_month_exports_total{shop=\"demo\"} 3"))
            await client.http.shutdown()
            for daemon in daemons { #expect(try await daemon.stop() == 0, "\(daemon.logged)") }
        }
    }

    @Test("a daemon that is killed in the middle leaves nothing that looks whole, and the next one writes the month")
    func killed() async throws {
        try await ServeFixture.with { fixture in
            let root = try TemporaryFolder()
            let month = try await PastMonth.live(fixture.database.pool, shop: fixture.chaos.shop)
            let shop = root.path + "/demo"
            let names: @Sendable () -> [String] = { (try? FileManager.default.contentsOfDirectory(atPath: shop)) ?? [] }
            // The ledger's notes are read for the last of the reports: whoever exports waits here.
            let first = try fixture.serve("--export-dir", root.path)
            _ = try await fixture.database.pool.transaction { connection in
                try connection.execute("LOCK TABLE entry_note IN ACCESS EXCLUSIVE MODE")
                try Self.wait(on: connection) { names().contains { FileManager.default.fileExists(atPath: "\(shop)/\($0)/entries.csv") } }
                kill(first.pid, SIGKILL)
                return true
            }
            _ = await first.ended()
            #expect(names().allSatisfy { $0.hasPrefix(".partial-") } && !names().isEmpty, "\(names())")
            // As if the time of its lease had passed.
            try await fixture.database.pool.transaction { _ = try $0.execute("UPDATE month_export SET lease_until = now()") }
            let second = try fixture.serve("--export-dir", root.path)
            try await made(1, fixture)
            #expect(names() == [month.name])
            try await ExportedFolder(path: shop + "/" + month.name).check()
            #expect(try await second.stop() == 0)
        }
    }

    @Test("a folder that cannot be written is one line of the log and a metric, and the month is written when it can be")
    func unwritable() async throws {
        try await ServeFixture.with { fixture in
            let root = try TemporaryFolder()
            let month = try await PastMonth.live(fixture.database.pool, shop: fixture.chaos.shop)
            let daemon = try fixture.serve("--export-dir", root.path + "/disk")
            let address = try await daemon.address()
            let client = APIClient(token: fixture.chaos.token)
            try await eventually("the metric tells: \(daemon.logged)", within: Self.secondsMax) {
                String(decoding: try await client.get(address + "/metrics").body, as: UTF8.self).contains("supportmeter_month_export_failures{shop=\"demo\"} 1")
            }
            try await again(fixture)
            try await eventually("a second try fails", within: Self.secondsMax) {
                String(decoding: try await client.get(address + "/metrics").body, as: UTF8.self).contains("supportmeter_month_export_failures{shop=\"demo\"} 2")
            }
            let lines = daemon.logLines.filter { $0.contains("could not be exported") }
            #expect(lines.count == 1 && lines[0].contains("there is no such folder"), "\(daemon.logged)")
            try FileManager.default.createDirectory(atPath: root.path + "/disk", withIntermediateDirectories: false)
            try await again(fixture)
            try await made(1, fixture)
            try await ExportedFolder(path: "\(root.path)/disk/demo/\(month.name)").check()
            await client.http.shutdown()
            #expect(try await daemon.stop() == 0)
        }
    }

    @Test("a full disk leaves nothing behind, and the month is written when there is room")
    func full() async throws {
        guard let disk = try SmallDisk(megabytes: 1) else {
            return withKnownIssue("this user may not mount a small disk, so a full one could not be tried") { Issue.record("mount -t tmpfs was refused") }
        }
        try await ServeFixture.with { fixture in
            let month = try await PastMonth.live(fixture.database.pool, shop: fixture.chaos.shop)
            try disk.fill()
            let daemon = try fixture.serve("--export-dir", disk.path)
            try await eventually("the log tells: \(daemon.logged)", within: Self.secondsMax) { daemon.logged.contains("No space left on device") }
            let left = try FileManager.default.subpathsOfDirectory(atPath: disk.path).filter { $0.hasPrefix("demo/") }
            #expect(left.isEmpty, "\(left)")
            disk.empty()
            try await again(fixture)
            try await made(1, fixture)
            try await ExportedFolder(path: "\(disk.path)/demo/\(month.name)").check()
            #expect(try await daemon.stop() == 0)
        }
        try await eventually("the disk can be unmounted", within: 30) { disk.unmount() }
    }

    private func day(_ month: PastMonth) throws -> CivilDay {
        let parts = month.name.split(separator: "-").compactMap { Int($0) }
        return try #require(CivilDay(year: parts[0], month: parts[1], day: 1))
    }

    private func made(_ revision: Int, _ fixture: ServeFixture) async throws {
        try await eventually("revision \(revision) is made", within: Self.secondsMax) {
            try await fixture.chaos.store.monthExports(of: fixture.chaos.shop).contains { $0.revision == revision && $0.madeAt != nil }
        }
    }

    /// As if the pause were over.
    private func again(_ fixture: ServeFixture) async throws {
        try await fixture.database.pool.transaction { connection in
            _ = try connection.execute("UPDATE month_export SET next_try_at = now()")
            _ = try connection.execute("SELECT pg_notify(\(Store.monthChannel), '')")
        }
    }

    /// On a connection's own queue, where a transaction must stay.
    private static func wait(on connection: Connection, _ isThere: () -> Bool) throws {
        let deadline = Date().addingTimeInterval(secondsMax)
        while !isThere() {
            guard Date() < deadline else { throw ChaosError("not within \(secondsMax) seconds") }
            _ = try connection.queryOne("SELECT pg_sleep(0.02)::text") { try $0.next(String.self) }
        }
    }
}

/// A folder of a test's own, gone with it.
final class TemporaryFolder {
    let path = FileManager.default.temporaryDirectory.path + "/supportmeter-export-\(UUID().uuidString)"
    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
    deinit { try? FileManager.default.removeItem(atPath: path) }
}
