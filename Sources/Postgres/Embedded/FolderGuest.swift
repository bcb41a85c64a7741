import CPostgres
import FoundationEssentials
import Glibc

/// The right to use the embedded server that another process runs in a folder, for as long as this lives.
///
/// Guests share a lock; a short-lived owner takes it alone before it stops its server, and so lets its guests finish. The kernel ends
/// the lock with the process. A daemon stops without asking: it is told to.
public final class FolderGuest: Sendable {
    private let file: Int32

    /// Nil while the owner is stopping its server, or when the file cannot be opened.
    public convenience init?(folder: String) { self.init(folder: folder, operation: LOCK_SH) }

    /// The owner's turn: nil while there are guests. No guest comes in before it is let go.
    public static func excludingAll(folder: String) -> FolderGuest? { FolderGuest(folder: folder, operation: LOCK_EX) }

    private init?(folder: String, operation: Int32) {
        file = unsafe supportmeter_open(folder + "/supportmeter.guests", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { return nil }
        guard flock(file, operation | LOCK_NB) == 0 else { return nil }
    }

    deinit {
        if file >= 0 { close(file) }
    }

    /// Where the server of the folder listens, once it is ready; nil before that, and when its files cannot be read. Holds no secret.
    public static func connectionString(folder: String, databaseName: String = "supportmeter") -> String? {
        guard let text = try? String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8) else { return nil }
        // Source: PostgreSQL's miscadmin.h, LOCK_FILE_LINE_SOCKET_DIR and LOCK_FILE_LINE_PM_STATUS.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 8, lines[7].hasPrefix("ready"), !lines[4].isEmpty else { return nil }
        let role = databaseName
        return "postgresql:///\(databaseName)?host=\(ServerSocket.encoded(String(lines[4])))&user=\(role)"
    }
}
