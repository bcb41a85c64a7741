import Foundation

/// A file that appears under its name only when it is complete and on the disk, readable by its owner alone.
struct PrivateFile: Sendable {
    let path: String
    private var partial: String { path + ".partial" }

    /// Lets `fill` write, then moves the file into place over what was there. Leaves nothing behind when `fill` throws.
    func write(_ fill: (FileHandle) async throws -> Void) async throws -> Int {
        // What a killed run left behind goes first: O_EXCL makes sure that the file and its mode are ours.
        _ = unsafe unlink(partial)
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try await fill(handle)
            guard fsync(descriptor) == 0 else { throw failure() }
            let size = lseek(descriptor, 0, SEEK_END)
            guard unsafe rename(partial, path) == 0 else { throw failure() }
            try syncFolder()
            return Int(size)
        } catch {
            _ = unsafe unlink(partial)
            throw error
        }
    }

    /// The new name is on the disk when its folder is.
    private func syncFolder() throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private func failure() -> BackupError {
        .cannotWrite(file: path, reason: unsafe String(cString: strerror(errno)))
    }
}
