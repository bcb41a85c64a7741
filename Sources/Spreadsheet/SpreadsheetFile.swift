import CSpreadsheet
import Dispatch

/// One XLSX workbook being written, and then its bytes.
///
/// Everything happens on a queue of its own, because libxlsxwriter writes files: no thread of Swift's pool waits for a disk. Rows go to
/// nameless files in a folder that only this process may enter, some ten times the size of the finished file; the folder goes with the
/// object. Calls come one after the other: a caller waits for each.
///
/// `@unchecked Sendable`: `workbook` is touched only by blocks on `queue`, one at a time, and by `deinit`, when no block is left.
public final class SpreadsheetFile: @unchecked Sendable {
    /// How much is handed over at once, in bytes.
    private static let pieceBytes = 64 * 1024

    private let queue = DispatchQueue(label: "spreadsheet")
    private let folder: String
    private var path: String { folder + "/workbook.xlsx" }
    private var workbook: Workbook?

    private init(folder: String, title: String) throws(SpreadsheetFailure) {
        self.folder = folder
        do {
            workbook = try Workbook(path: folder + "/workbook.xlsx", folder: folder, title: title)
        } catch {
            unsafe rmdir(folder)
            throw error
        }
    }

    /// Opens a workbook whose files lie in a new folder within `parent`.
    public static func open(in parent: String, title: String) async throws -> SpreadsheetFile {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try SpreadsheetFile(folder: makeFolder(in: parent), title: title) })
            }
        }
    }

    private static func makeFolder(in parent: String) throws(SpreadsheetFailure) -> String {
        var name = Array((parent + "/supportmeter-sheet-XXXXXX").utf8CString)
        let code = unsafe name.withUnsafeMutableBufferPointer { unsafe sm_make_folder($0.baseAddress) }
        guard code == 0 else { throw .file(errno: code) }
        return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Adds a sheet and answers its index. Its columns are its first row when the heading is shown: bold, frozen.
    public func addSheet(_ name: String, columns: [SheetColumn], isHeadingShown: Bool = true) async throws -> Int {
        try await onQueue { try $0.addSheet(name, columns: columns, isHeadingShown: isHeadingShown) }
    }

    /// Appends rows below those that are there.
    public func append(_ rows: [[StyledCell]], to sheet: Int) async throws {
        try await onQueue { workbook in for row in rows { try workbook.append(row, to: sheet) } }
    }

    /// Gives a sheet's heading a filter over the rows that are there.
    public func filter(_ sheet: Int) async throws {
        try await onQueue { try $0.filter(sheet) }
    }

    /// Closes the workbook and hands over its bytes, the next piece when `write` has taken the last one.
    public func finish(write: ([UInt8]) async throws -> Void) async throws {
        try await onQueue { try $0.close() }
        let file = try await onFileQueue { try $0.openToRead() }
        do {
            while true {
                try Task.checkCancellation()
                let piece = try await onFileQueue { _ in try Self.read(file) }
                if piece.isEmpty { break }
                try await write(piece)
            }
        } catch {
            close(file)
            throw error
        }
        close(file)
    }

    private func openToRead() throws(SpreadsheetFailure) -> Int32 {
        workbook = nil
        let file = unsafe sm_open_to_read(path)
        guard file >= 0 else { throw .file(errno: sm_errno()) }
        return file
    }

    private static func read(_ file: Int32) throws(SpreadsheetFailure) -> [UInt8] {
        var failed: Int32 = 0
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
            let taken = unsafe CSpreadsheet.read(file, buffer.baseAddress, buffer.count)
            if taken < 0 { failed = sm_errno() }
            count = max(0, taken)
        }
        if failed != 0 { throw .file(errno: failed) }
        return piece
    }

    private func onQueue<T: Sendable>(_ step: @escaping @Sendable (Workbook) throws -> T) async throws -> T {
        try await onFileQueue { file in
            guard let workbook = file.workbook else { throw SpreadsheetFailure.closed }
            return try step(workbook)
        }
    }

    private func onFileQueue<T: Sendable>(_ step: @escaping @Sendable (SpreadsheetFile) throws -> T) async throws -> T {
        try Task.checkCancellation()
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try step(self) }) }
        }
    }

    deinit {
        workbook = nil
        unsafe unlink(path)
        unsafe rmdir(folder)
    }
}
