import Foundation
import Logging
import Postgres
import Store

/// The whole database to one file and back, by `pg_dump` and `pg_restore` of the server's own major version.
///
/// The file is pg_dump's custom format: compressed, one moment of the database, taken without stopping anybody. It holds everything,
/// secrets included, and only its owner may read it.
struct DatabaseBackup: Sendable {
    let connectionString: String
    let logger: Logger

    /// What a restore brought back.
    struct Restored: Sendable {
        /// The schema version in the file, and what it is now.
        let before: Int
        let after: Int
        let report: VerifyReport
    }

    /// Writes the database to the file, over an older one of that name only when it is complete. Returns the size in bytes.
    func write(to path: String) async throws -> Int {
        try await withPool { pool in
            guard try await pool.read({ try $0.queryOne("SELECT to_regclass('schema_migration') IS NOT NULL") { try $0.next(Bool.self) } }) == true
            else { throw BackupError.nothingToBackUp }
            let program = try await program("pg_dump", pool)
            let dump = ToolRun(
                program: program, arguments: ["--format=custom", "--no-owner", "--no-privileges", "--no-password"], connectionString: connectionString)
            return try await PrivateFile(path: path).write { try await dump.run(output: $0) }
        }
    }

    /// Restores the file into an empty database in one transaction, brings its schema up to date, and proves that it adds up.
    /// Throws `BackupError` before anything is written when the database is not empty or the file is not right.
    func restore(from path: String, progress: @Sendable (VerifyFigures) -> Void = { _ in }) async throws -> Restored {
        try await withPool { pool in
            let program = try await program("pg_restore", pool)
            let version = try await schemaVersion(of: path, program)
            if version > Store.schemaVersion { throw BackupError.newerSchema(file: version, binary: Store.schemaVersion) }
            let objects = try await Store.objectCount(pool)
            guard objects == 0 else { throw BackupError.databaseNotEmpty(objects: objects) }
            try await run(program, ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password", "--dbname=\(databaseName())"], path)
            try await pool.read { try $0.executeScript("ANALYZE") }
            let store = Store(pool: pool, logger: logger)
            let migrated = try await store.migrate()
            let report = try await store.verify(progress: progress)
            if let problem = report.problem { throw BackupError.notClean(problem) }
            return Restored(before: version, after: migrated.after, report: report)
        }
    }

    /// The newest schema file that was applied to what the backup holds. It is read from the file, so nothing is restored for it.
    private func schemaVersion(of path: String, _ program: String) async throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-restore-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let listed = folder + "/schema_migration"
        do {
            _ = try await PrivateFile(path: listed).write { output in
                try await run(program, ["--data-only", "--table=schema_migration", "--file=-"], path, output: output)
            }
        } catch BackupError.failed {
            throw BackupError.notABackup(file: path)
        }
        let lines = try String(contentsOfFile: listed, encoding: .utf8).split(separator: "\n")
        let rows = lines.drop { !$0.hasPrefix("COPY ") }.dropFirst().prefix { $0 != "\\." }
        guard let newest = rows.compactMap({ $0.split(separator: "\t").first.flatMap { Int($0) } }).max() else {
            throw BackupError.notABackup(file: path)
        }
        return newest
    }

    /// The file goes in as standard input, so that its name is never taken for an option.
    private func run(_ program: String, _ arguments: [String], _ path: String, output: FileHandle = .nullDevice) async throws {
        guard let input = FileHandle(forReadingAtPath: path) else {
            throw BackupError.cannotRead(file: path, reason: unsafe String(cString: strerror(errno)))
        }
        defer { try? input.close() }
        try await ToolRun(program: program, arguments: arguments, connectionString: connectionString).run(input: input, output: output)
    }

    private func program(_ name: String, _ pool: Pool) async throws -> String {
        let version = try await pool.read { connection in
            try connection.queryOne("SELECT current_setting('server_version_num')::integer / 10000") { try $0.next(Int.self) }
        }
        return try ClientPrograms.find(name, majorVersion: version ?? 0)
    }

    /// `pg_restore` connects only when a database is named; the name alone, as a connection string with its quotes.
    private func databaseName() throws -> String {
        let variables = try ConnectionEnvironment.variables(for: connectionString)
        let name = variables["PGDATABASE"] ?? variables["PGUSER"] ?? "supportmeter"
        return "dbname='\(name.replacing("\\", with: "\\\\").replacing("'", with: "\\'"))'"
    }

    private func withPool<T: Sendable>(_ body: (Pool) async throws -> T) async throws -> T {
        var configuration = PoolConfiguration(connectionString)
        configuration.connectionsMax = 2
        let pool = Pool(configuration, logger: logger)
        do {
            let result = try await body(pool)
            await pool.shutdown()
            return result
        } catch {
            await pool.shutdown()
            throw error
        }
    }
}
