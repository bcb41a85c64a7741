import Store

/// Why a backup or a restore did not happen. Holds no secret.
enum BackupError: Error, Sendable, Equatable, CustomStringConvertible {
    case cannotWrite(file: String, reason: String)
    case cannotRead(file: String, reason: String)
    /// No backup that this program's `backup` wrote, or cut short.
    case notABackup(file: String)
    case nothingToBackUp
    case databaseNotEmpty(objects: Int)
    case newerSchema(file: Int, binary: Int)
    /// One of PostgreSQL's programs failed; `message` is the end of what it said.
    case failed(program: String, message: String)
    /// Everything was restored, but it does not add up.
    case notClean(VerifyProblem)

    var description: String {
        switch self {
        case .cannotWrite(let file, let reason): "\(file) cannot be written: \(reason)"
        case .cannotRead(let file, let reason): "\(file) cannot be read: \(reason)"
        case .notABackup(let file): "\(file) is not a backup of supportmeter, or it is cut short"
        case .nothingToBackUp: "the database has no supportmeter tables: there is nothing to back up"
        case .databaseNotEmpty(let objects):
            "the database is not empty (\(objects) tables, views and sequences): restore into a new, empty database"
        case .newerSchema(let file, let binary):
            "the backup has schema version \(file) and this supportmeter knows \(binary): install the newer supportmeter"
        case .failed(let program, let message): "\(program) failed: \(message)"
        case .notClean(let problem): "the backup was restored, but verify finds: \(problem)"
        }
    }
}
