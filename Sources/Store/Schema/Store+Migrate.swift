import Crypto
import FoundationEssentials
import Postgres

/// What a migration did, or would do.
public struct MigrationReport: Sendable, Equatable {
    /// The version that the database had; 0 for an empty one.
    public let before: Int
    /// The version that this binary brings.
    public let after: Int
    /// The files applied, or to be applied.
    public let files: [String]
}

/// Why a database cannot be used by this binary.
public enum SchemaError: Error, Sendable, Equatable, CustomStringConvertible {
    case newerThanBinary(database: Int, binary: Int)
    case notMigrated(database: Int, binary: Int)
    case changedSince(file: String)

    public var description: String {
        switch self {
        case .newerThanBinary(let database, let binary):
            "the database has schema version \(database) and this supportmeter knows \(binary): install the newer supportmeter, or restore a backup that fits this one"
        case .notMigrated(let database, let binary):
            "the database has schema version \(database) and this supportmeter needs \(binary): run `supportmeter migrate`"
        case .changedSince(let file):
            "Schema/\(file) is not the one that was applied to the database: schema files are forward-only, add a new one instead"
        }
    }
}

extension Store {
    /// The schema version that this binary brings.
    public static var schemaVersion: Int { SchemaFile.all.last?.version ?? 0 }

    /// Brings the schema up to date in one transaction; two at once wait for each other. Throws `SchemaError` for a database that is newer.
    public func migrate(dryRun: Bool = false) async throws -> MigrationReport {
        let now = clock()
        return try await pool.transaction { connection in
            try connection.execute("SELECT pg_advisory_xact_lock(hashtextextended('supportmeter migrate', 0))")
            let before = try Store.appliedVersion(connection, checked: true)
            let pending = SchemaFile.all.filter { $0.version > before }
            if !dryRun {
                try connection.executeScript(
                    """
                    CREATE TABLE IF NOT EXISTS schema_migration (
                        version integer CONSTRAINT schema_migration_pkey PRIMARY KEY,
                        name text NOT NULL, checksum bytea NOT NULL, applied_at timestamptz NOT NULL)
                    """)
                for file in pending {
                    try connection.executeScript(file.text)
                    try connection.execute(
                        "INSERT INTO schema_migration VALUES (\(file.version)::integer, \(file.name), \(file.checksum), \(now))")
                }
            }
            return MigrationReport(before: before, after: SchemaFile.all.last?.version ?? 0, files: pending.map(\.name))
        }
    }

    /// Throws unless the database has exactly the schema that this binary needs.
    public func checkSchema() async throws {
        let version = try await pool.transaction(readOnly: true) { try Store.appliedVersion($0, checked: false) }
        if version > Store.schemaVersion { throw SchemaError.newerThanBinary(database: version, binary: Store.schemaVersion) }
        if version < Store.schemaVersion { throw SchemaError.notMigrated(database: version, binary: Store.schemaVersion) }
    }

    private static func appliedVersion(_ connection: Connection, checked: Bool) throws -> Int {
        let exists = try connection.queryOne("SELECT to_regclass('schema_migration') IS NOT NULL") { try $0.next(Bool.self) } ?? false
        guard exists else { return 0 }
        let applied = try connection.query("SELECT version, checksum FROM schema_migration ORDER BY version") { row in
            (version: try row.next(Int.self), checksum: try row.next([UInt8].self))
        }
        let newest = applied.last?.version ?? 0
        if newest > schemaVersion { throw SchemaError.newerThanBinary(database: newest, binary: schemaVersion) }
        for file in SchemaFile.all where checked {
            if let was = applied.first(where: { $0.version == file.version }), was.checksum != file.checksum {
                throw SchemaError.changedSince(file: file.name)
            }
        }
        return newest
    }
}

extension SchemaFile {
    var checksum: [UInt8] { Array(SHA256.hash(data: Array(text.utf8))) }
}
