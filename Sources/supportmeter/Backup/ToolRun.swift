import Foundation
import Postgres
import Synchronization

/// One run of a program of PostgreSQL's. Its connection travels in the environment; its arguments are fixed words.
struct ToolRun: Sendable {
    let program: String
    let arguments: [String]
    let connectionString: String

    /// Bytes of the program's messages that are kept, from the end.
    private static let messageBytesMax = 2_000

    /// Runs it to its end with the given files. Throws `BackupError.failed` with the end of its messages; a cancelled task ends the program.
    func run(input: FileHandle = .nullDevice, output: FileHandle = .nullDevice) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let own = try ConnectionEnvironment.variables(for: connectionString)
        process.environment = ProcessInfo.processInfo.environment.merging(own) { $1 }.merging(["LC_ALL": "C"]) { $1 }
        process.standardInput = input
        process.standardOutput = output
        let messages = Pipe()
        process.standardError = messages
        let running = Running(process)
        async let said = Self.end(of: messages.fileHandleForReading)
        let status = try await withTaskCancellationHandler {
            try await running.statusAtEnd()
        } onCancel: {
            running.terminate()
        }
        let message = Self.scrub(await said, own["PGPASSWORD"])
        try Task.checkCancellation()
        guard status == 0 else { throw BackupError.failed(program: process.executableURL?.lastPathComponent ?? program, message: message) }
    }

    /// Reads until the program closes its end, on a queue of its own: no task may block the threads that tasks run on.
    private static func end(of handle: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "supportmeter.tool").async { continuation.resume(returning: read(handle)) }
        }
    }

    private static func read(_ handle: FileHandle) -> String {
        var kept = Data()
        while let piece = try? handle.read(upToCount: 4_096), !piece.isEmpty {
            kept.append(piece)
            if kept.count > messageBytesMax { kept = Data(kept.suffix(messageBytesMax)) }
        }
        return String(decoding: kept, as: UTF8.self).split(separator: "\n").joined(separator: "; ")
    }

    private static func scrub(_ text: String, _ password: String?) -> String {
        guard let password, !password.isEmpty else { return text }
        return text.replacing(password, with: "***")
    }

    /// `@unchecked Sendable`: the process is started by one task and afterwards only asked to end, which Foundation allows from any thread.
    private final class Running: @unchecked Sendable {
        private let process: Process
        private let isCancelled = Mutex(false)

        init(_ process: Process) { self.process = process }

        func statusAtEnd() async throws -> Int32 {
            try await withCheckedThrowingContinuation { continuation in
                process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
                do {
                    try isCancelled.withLock { isCancelled in
                        if isCancelled { throw CancellationError() }
                        try process.run()
                    }
                } catch {
                    process.terminationHandler = nil
                    continuation.resume(throwing: error)
                }
            }
        }

        func terminate() {
            isCancelled.withLock { isCancelled in
                isCancelled = true
                if process.isRunning { process.terminate() }
            }
        }
    }
}
