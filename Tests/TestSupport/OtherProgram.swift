import Foundation

/// A program of others, run to its end.
public struct OtherProgram: Sendable {
    public let status: Int32
    /// What it wrote, to both outputs.
    public let output: String

    /// Waits on a thread of its own. `environment`, where given, is all that there is.
    public static func run(_ program: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> OtherProgram {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = FileManager.default.temporaryDirectory
        if let environment { process.environment = environment }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
                process.waitUntilExit()
                continuation.resume(returning: OtherProgram(status: process.terminationStatus, output: output))
            }
        }
    }
}
