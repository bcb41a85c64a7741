import Foundation
import Postgres
import Store
import TestSupport
import Testing

@testable import supportmeter

@Suite("the database goes to one file and back")
struct BackupTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-backup-\(UUID().uuidString)")
    private var file: String { folder.appendingPathComponent("all.backup").path }

    init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    private func backup(_ url: String) -> DatabaseBackup { DatabaseBackup(connectionString: url, logger: TestServer.logger) }

    private func sell(_ fixture: LedgerFixture) async throws {
        let ticket = try await fixture.addTicket(fixture.addCustomer())
        try await fixture.entitle(ticket, credits: 5)
        try await fixture.spend(ticket, reference: "prvi")
    }

    @Test("what is restored is the same, adds up, and goes on working")
    func roundTrip() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LedgerFixture.with { fixture in
            try await sell(fixture)
            let size = try await backup(fixture.database.url).write(to: file)
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(attributes[.size] as? Int == size && size > 1_000)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["all.backup"])

            let empty = try await TestServer.shared.createDatabase()
            let restored = try await backup(empty.url).restore(from: file)
            #expect(restored.before == Store.schemaVersion && restored.after == Store.schemaVersion)
            #expect(restored.report.isClean && restored.report.figures.entries == 2)
            let rows = "SELECT json_agg(e ORDER BY e.entry_id)::text FROM entry e"
            let (was, now) = (try await text(rows, fixture.pool), try await text(rows, empty.pool))
            #expect(was == now)
            let store = Store(pool: empty.pool, logger: TestServer.logger)
            try await store.checkSchema()
            await #expect(throws: PostgresError.self) { try await empty.pool.read { try $0.execute("DELETE FROM entry") } }
            await empty.drop()
        }
    }

    @Test("a database with anything in it is not restored into")
    func notEmpty() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LedgerFixture.with { fixture in
            _ = try await backup(fixture.database.url).write(to: file)
            let error = await #expect(throws: BackupError.self) { _ = try await backup(fixture.database.url).restore(from: file) }
            guard case .databaseNotEmpty = error else { Issue.record("\(String(describing: error))"); return }
            #expect(try await fixture.store.verify().isClean)
        }
    }

    @Test("a backup of a newer schema is refused before anything is written")
    func newer() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LedgerFixture.with { fixture in
            try await fixture.run("INSERT INTO schema_migration VALUES (9999, '9999_future.sql', '\\x00', now())")
            _ = try await backup(fixture.database.url).write(to: file)
            let empty = try await TestServer.shared.createDatabase()
            await #expect(throws: BackupError.newerSchema(file: 9999, binary: Store.schemaVersion)) {
                _ = try await backup(empty.url).restore(from: file)
            }
            #expect(try await text("SELECT count(*)::text FROM pg_class WHERE relname = 'entry'", empty.pool) == "0")
            await empty.drop()
        }
    }

    @Test("a file that is no backup, or half of one, is refused, and the database stays empty")
    func damaged() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try await LedgerFixture.with { fixture in
            try await sell(fixture)
            _ = try await backup(fixture.database.url).write(to: file)
            let whole = try Data(contentsOf: URL(fileURLWithPath: file))
            let empty = try await TestServer.shared.createDatabase()
            for damaged in [Data("not a backup".utf8), Data(), whole.prefix(whole.count / 2), whole.dropLast(1_000)] {
                try damaged.write(to: URL(fileURLWithPath: file))
                await #expect(throws: BackupError.self) { _ = try await backup(empty.url).restore(from: file) }
                #expect(try await text("SELECT count(*)::text FROM pg_class WHERE relname = 'entry'", empty.pool) == "0")
            }
            await #expect(throws: BackupError.self) { _ = try await backup(empty.url).restore(from: file + ".missing") }
            await empty.drop()
        }
    }

    @Test("a backup that fails leaves the older file as it was, and no password in its words")
    func failing() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("older".utf8).write(to: URL(fileURLWithPath: file))
        let empty = try await TestServer.shared.createDatabase()
        await #expect(throws: BackupError.nothingToBackUp) { _ = try await backup(empty.url).write(to: file) }
        let password = "S3cret-of-the-database"
        let error = await #expect(throws: (any Error).self) {
            _ = try await backup("postgresql://someone:\(password)@127.0.0.1:1/none").write(to: file)
        }
        #expect(!String(describing: error).contains(password))
        try await LedgerFixture.with { fixture in
            let nowhere = folder.appendingPathComponent("missing/all.backup").path
            await #expect(throws: BackupError.self) { _ = try await backup(fixture.database.url).write(to: nowhere) }
            // A reader without the right to read: pg_dump itself fails half-way.
            try await fixture.run("CREATE ROLE \(raw: fixture.database.name) LOGIN")
            let poor = fixture.database.url.replacing(/user=[^&]*/, with: "user=\(fixture.database.name)")
            let error = await #expect(throws: BackupError.self) { _ = try await backup(poor).write(to: file) }
            guard case .failed(let program, _) = error else { Issue.record("\(String(describing: error))"); return }
            #expect(program == "pg_dump")
            try await fixture.run("DROP ROLE \(raw: fixture.database.name)")
        }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "older")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["all.backup"])
        await empty.drop()
    }

    private func text(_ sql: SQL, _ pool: Pool) async throws -> String? {
        try await pool.read { try $0.queryOne(sql) { try $0.next(String.self) } }
    }

    private func text(_ sql: String, _ pool: Pool) async throws -> String? { try await text(SQL(raw: sql), pool) }
}
