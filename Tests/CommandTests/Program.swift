import Foundation

/// The real binary, run as another program would run it.
enum Program {
    struct Run: Sendable {
        let exitCode: Int32
        let output: String
        let errors: String

        /// Standard output as JSON; nil when it is not.
        var json: [String: Any]? { (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] }
        var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    /// Beside the test bundle.
    static let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("supportmeter").path

    /// Runs to the end, outputs in files (not terminals). `environment` is all there is beside PATH and HOME.
    static func run(
        _ arguments: [String], environment: [String: String] = [:], input: String = "", program: String = path
    ) async throws -> Run {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("supportmeter-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = ["in", "out", "err"].map { folder.appendingPathComponent($0) }
        for (file, text) in zip(files, [input, "", ""]) { try Data(text.utf8).write(to: file) }

        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": folder.path].merging(environment) { $1 }
        process.standardInput = try FileHandle(forReadingFrom: files[0])
        process.standardOutput = try FileHandle(forWritingTo: files[1])
        process.standardError = try FileHandle(forWritingTo: files[2])
        let code: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Run(exitCode: code, output: try read(files[1]), errors: try read(files[2]))
    }

    /// The same on a terminal of 80 columns: `script` gives it one. Both outputs come together.
    static func onTerminal(_ arguments: [String], environment: [String: String] = [:]) async throws -> Run {
        let command = ([path] + arguments).map { "'" + $0.replacing("'", with: "'\\''") + "'" }.joined(separator: " ")
        let run = try await run(
            ["-qec", command, "/dev/null"], environment: environment.merging(["TERM": "xterm", "COLUMNS": "80"]) { given, _ in given },
            program: "/usr/bin/script")
        return Run(exitCode: run.exitCode, output: run.output.replacing("\r\n", with: "\n"), errors: run.errors)
    }

    private static func read(_ file: URL) throws -> String { String(decoding: try Data(contentsOf: file), as: UTF8.self) }
}
