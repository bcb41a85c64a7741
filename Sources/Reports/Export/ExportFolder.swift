import Crypto
import Dispatch
import Foundation

/// A folder that appears under its name only when all of its files are on the disk; until then it is a hidden one beside.
///
/// Works on a queue of its own, never on Swift's threads. Files and folders are their owner's alone: they name customers.
final class ExportFolder: Sendable {
    /// A file as it was written.
    struct Written: Sendable, Hashable {
        let name: String
        let bytes: Int
        /// In lower-case hexadecimal digits.
        let sha256: String
    }

    /// Folders of one month that are looked at for a free name.
    static let namesMax = 1_000

    /// The shop's folder, in which the months are.
    let parent: String
    private let partial: String
    /// For spreadsheets' temporary files.
    let scratch: String
    private let queue = DispatchQueue(label: "export", qos: .utility)

    /// `root` must be there: a disk that is not mounted is not written beside. What the same work has left behind before is removed.
    static func open(root: String, shop: String, work: String) async throws -> ExportFolder {
        let folder = ExportFolder(root: root, shop: shop, work: work)
        try await folder.run { try $0.prepare(root: root, work: work) }
        return folder
    }

    private init(root: String, shop: String, work: String) {
        parent = root + "/" + shop
        partial = parent + "/.partial-\(work)-\(UUID().uuidString)"
        scratch = partial + "-scratch"
    }

    private func prepare(root: String, work: String) throws {
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else { throw ExportFault(root, "there is no such folder") }
        guard isFolder.boolValue else { throw ExportFault(root, "this is not a folder") }
        if !FileManager.default.fileExists(atPath: parent) { try make(parent) }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: parent) else { throw ExportFault(parent, errno: errno) }
        for name in names where name.hasPrefix(".partial-\(work)-") { try? FileManager.default.removeItem(atPath: parent + "/" + name) }
        try make(partial)
        try make(scratch)
    }

    private func make(_ path: String) throws {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw ExportFault(path, errno: errno) }
    }

    /// Lets `fill` write a file piece by piece, and puts it on the disk.
    func write<Result: Sendable>(
        _ name: String, _ fill: (_ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Result
    ) async throws -> (file: Written, result: Result) {
        let path = partial + "/" + name
        let file = try await run { _ in try ExportFile(path: path) }
        do {
            let result = try await fill { [self] bytes in try await run { _ in try file.append(bytes) } }
            return (try await run { _ in try file.finish(name) }, result)
        } catch {
            try? await run { _ in file.close() }
            throw error
        }
    }

    /// Removes a file that could not be finished.
    func remove(_ name: String) async {
        let path = partial + "/" + name
        _ = try? await run { _ in try? FileManager.default.removeItem(atPath: path) }
    }

    /// Moves the folder to the first name that is free, and answers that. Nothing that is there is ever overwritten.
    func commit(_ names: [String]) async throws -> String {
        try await run { folder in
            try? FileManager.default.removeItem(atPath: folder.scratch)
            try ExportFolder.sync(folder.partial)
            for name in names {
                // Refused by the system where the name is another folder's, but for an empty one.
                if unsafe rename(folder.partial, folder.parent + "/" + name) == 0 {
                    try ExportFolder.sync(folder.parent)
                    return name
                }
                guard [ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) else { throw ExportFault(folder.parent + "/" + name, errno: errno) }
            }
            throw ExportFault(folder.parent, "there are \(names.count) folders of this month already")
        }
    }

    /// Removes what was written; nothing after `commit`.
    func abandon() async {
        _ = try? await run { folder in
            try? FileManager.default.removeItem(atPath: folder.scratch)
            try? FileManager.default.removeItem(atPath: folder.partial)
        }
    }

    /// The bytes of a file that stands, nil where there is none.
    func read(_ name: String) async -> [UInt8]? {
        let path = parent + "/" + name
        return try? await run { _ in (try? Data(contentsOf: URL(fileURLWithPath: path))).map { Array($0) } }
    }

    /// A new name is on the disk when its folder is.
    private static func sync(_ path: String) throws {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw ExportFault(path, errno: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw ExportFault(path, errno: errno) }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable (ExportFolder) throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work(self) }) }
        }
    }
}

/// A file of an export being written.
///
/// `@unchecked Sendable`: used by blocks on its folder's queue alone, one at a time.
private final class ExportFile: @unchecked Sendable {
    private let path: String
    private var descriptor: Int32
    private var hash = SHA256()
    private var count = 0

    init(path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ExportFault(path, errno: errno) }
    }

    deinit { close() }

    func append(_ bytes: [UInt8]) throws {
        hash.update(data: bytes)
        count += bytes.count
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw ExportFault(path, errno: errno) }
            rest = rest.dropFirst(written)
        }
    }

    func finish(_ name: String) throws -> ExportFolder.Written {
        guard fsync(descriptor) == 0 else { throw ExportFault(path, errno: errno) }
        close()
        return ExportFolder.Written(name: name, bytes: count, sha256: hash.finalize().map { hexadecimal($0) }.joined())
    }

    func close() {
        if descriptor >= 0 { _ = Glibc.close(descriptor) }
        descriptor = -1
    }
}

/// A byte in two digits.
func hexadecimal(_ byte: UInt8) -> String { (byte < 16 ? "0" : "") + String(byte, radix: 16) }
