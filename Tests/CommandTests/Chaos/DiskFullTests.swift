import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// "On a full disk the daemon says so in one line, refuses spends with 503 and recovers when there is room."
@Suite(.serialized) struct DiskFullTests {
    private static let recoverySecondsMax = 60.0

    /// Where the disk first has no room: for rows, which is an error of a statement, or for the write-ahead log, which ends the server.
    enum Lack: CaseIterable { case rows, log }

    @Test("on a full disk spends are refused with 503 and the log has one line of it; when there is room they work again by themselves", arguments: Lack.allCases)
    func diskFull(_ lack: Lack) async throws {
        guard let disk = try SmallDisk(megabytes: 200) else {
            return withKnownIssue("this user may not mount a small disk, so a full one could not be tried") { Issue.record("mount -t tmpfs was refused") }
        }
        let daemon = try DaemonProcess(["serve", "--listen", "127.0.0.1:0", "--log-level", "notice", "--data-dir", disk.path + "/data"])
        do {
            try await run(lack, disk, daemon)
            #expect(try await daemon.stop() == 0, "\(daemon.logged)")
        } catch {
            await daemon.kill()
            try? await eventually("the disk can be unmounted", within: 30) { disk.unmount() }
            throw error
        }
        try await eventually("the disk can be unmounted", within: 30) { disk.unmount() }
    }

    private func run(_ lack: Lack, _ disk: SmallDisk, _ daemon: DaemonProcess) async throws {
        let address = try await daemon.address()
        let database = try await ChaosDatabase.prepare(url: try #require(FolderGuest.connectionString(folder: disk.path + "/data")), shopURL: "http://127.0.0.1:9")
        let ticket = try await database.ticket(packages: 1_000)
        let client = APIClient(token: database.token)
        #expect(try await client.spend(address, ticket: ticket, channel: "email", key: "first").status == 201)
        let before = daemon.logLines.count

        try disk.fill()
        if lack == .log { _ = try? await database.store.pool.read { try $0.executeScript("SELECT pg_switch_wal()") } }
        let refused = try await spendUntilRefused(client, address, ticket)
        #expect(refused.contains("room left") || refused.contains("not reachable") || refused.contains("at the last moment"), "\(refused)")
        for number in 0..<50 { _ = try? await client.spend(address, ticket: ticket, channel: "email", key: "more-\(number)") }
        let lines = daemon.logLines.dropFirst(before)
        #expect(lines.contains { $0.contains("disk is full") }, "\(daemon.logged)")
        #expect(lines.count <= 8, "not a flood: \(lines.joined(separator: "\n"))")

        disk.empty()
        let freed = ContinuousClock.now
        try await eventually("spends work again: \(daemon.logged)", within: Self.recoverySecondsMax) {
            (try? await client.spend(address, ticket: ticket, channel: "email", key: "after"))?.status == 201
        }
        print("chaos: disk full (\(lack)): spends again \(String(format: "%.1f", seconds(since: freed))) s after there was room; \(lines.count) lines of log")
        #expect(!daemon.hasEnded)
        #expect(try await database.store.verify().problem == nil)
        await client.http.shutdown()
        await database.store.pool.shutdown()
    }

    /// The first refusal's body, which must be a problem with a time to come back.
    private func spendUntilRefused(_ client: APIClient, _ address: String, _ ticket: Int64) async throws -> String {
        for number in 0..<20_000 {
            let answer = try await client.spend(address, ticket: ticket, channel: "email", key: "fill-\(number)")
            if answer.status == 201 { continue }
            #expect(answer.status == 503 && answer.header("Retry-After") != nil)
            #expect(answer.header("Content-Type") == "application/problem+json")
            return String(decoding: answer.body, as: UTF8.self)
        }
        throw ChaosError("the disk was never full")
    }
}

/// A file system of its own in memory, that a test may fill.
struct SmallDisk {
    let path: String

    /// Nil when it may not be mounted.
    init?(megabytes: Int) throws {
        path = "/tmp/supportmeter-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8))"
        guard geteuid() == 0 else { return nil }
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard unsafe mount("chaos", path, "tmpfs", 0, "size=\(megabytes)m,mode=755") == 0 else {
            try FileManager.default.removeItem(atPath: path)
            return nil
        }
    }

    private var ballast: String { path + "/ballast" }

    /// Until not a byte more goes.
    func fill() throws {
        let file = unsafe open(ballast, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw ChaosError("no ballast (errno \(errno))") }
        defer { close(file) }
        for size in [1 << 20, 4_096, 1] {
            let bytes = [UInt8](repeating: 1, count: size)
            while unsafe write(file, bytes, size) == size {}
        }
    }

    func empty() { try? FileManager.default.removeItem(atPath: ballast) }

    /// False while somebody still uses it.
    func unmount() -> Bool {
        guard unsafe umount(path) == 0 || errno == EINVAL else { return false }
        try? FileManager.default.removeItem(atPath: path)
        return true
    }
}
