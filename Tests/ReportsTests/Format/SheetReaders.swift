import Foundation
import Synchronization
import TestSupport
import Testing

/// Programs of others that read what we write.
enum SheetReaders {
    static let openpyxlVersion = "3.1.5"

    static var libreOffice: String? { ["/usr/bin/soffice"].first { FileManager.default.isExecutableFile(atPath: $0) } }

    static func script(_ name: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Readers/\(name)").path
    }

    /// A Python that has openpyxl, in an environment of its own under /tmp that is kept between runs. Where PyPI cannot be reached the test
    /// is left out, and says so.
    static func openpyxl() async throws -> String {
        let folder = "/tmp/supportmeter-openpyxl-\(openpyxlVersion)"
        let python = folder + "/bin/python"
        if FileManager.default.isExecutableFile(atPath: python) { return python }
        let building = folder + "-\(UUID().uuidString)"
        let made = try await OtherProgram.run("/usr/bin/env", ["python3", "-m", "venv", building])
        let installed = try await OtherProgram.run(building + "/bin/python", ["-m", "pip", "install", "--quiet", "--retries", "1", "openpyxl==\(openpyxlVersion)"])
        guard made.status == 0, installed.status == 0 else {
            try? FileManager.default.removeItem(atPath: building)
            try Test.cancel("openpyxl could not be had: \((made.output + installed.output).suffix(500))")
        }
        // Several tests may have built one: the first stays.
        try? FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: building)
        return python
    }

    static func inFolder(_ body: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-sheets-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }
}

extension [UInt8] {
    func write(to path: String) throws { try Data(self).write(to: URL(fileURLWithPath: path)) }
}

/// Pieces put together, or only counted.
final class Collected: Sendable {
    private let isKept: Bool
    private let state = Mutex((bytes: [UInt8](), count: 0))

    init(isKept: Bool = true) { self.isKept = isKept }

    var all: [UInt8] { state.withLock { $0.bytes } }
    var count: Int { state.withLock { $0.count } }

    func append(_ piece: [UInt8]) {
        state.withLock { state in
            state.count += piece.count
            if isKept { state.bytes += piece }
        }
    }
}

/// What the kernel says of this process (proc(5)).
enum Memory {
    static func kilobytes(_ name: String) -> Int {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
    }

    /// `VmHWM` begins anew from what is used now.
    static func resetPeak() { try? "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8) }
}
