import CPostgres
import Glibc

/// The exclusive right to a folder, held by the kernel: it ends with our process, however that ends.
final class FolderLock: Sendable {
    private let file: Int32

    /// Throws `.embeddedServer` that names the folder and the owner's process id when somebody else has it.
    init(_ folder: String) throws {
        let path = folder + "/supportmeter.lock"
        file = Self.openLock(path)
        guard file >= 0 else { throw PostgresError(.embeddedServer, "\(path) cannot be written (errno \(errno))") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.owner(file)
            close(file)
            throw PostgresError(.embeddedServer, PostgresError.folderInUse + "\(owner)) is using \(folder)")
        }
        let text = "\(getpid())\n"
        _ = ftruncate(file, 0)
        _ = unsafe pwrite(file, text, text.utf8.count, 0)
    }

    deinit {
        close(file)
    }

    private static func openLock(_ path: String) -> Int32 {
        unsafe supportmeter_open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    }

    private static func owner(_ file: Int32) -> String {
        var bytes = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(file, &bytes, bytes.count, 0)
        let text = String(decoding: bytes[..<max(0, count)], as: UTF8.self)
        return text.isEmpty ? "unknown" : String(text.prefix { $0.isNumber })
    }
}

extension PostgresError {
    static let folderInUse = "another supportmeter (process "

    /// Another process runs the embedded server of the folder: it can be used as a guest (`FolderGuest`).
    public var isFolderInUse: Bool { kind == .embeddedServer && summary?.hasPrefix(PostgresError.folderInUse) == true }
}
