import Foundation
@testable import Postgres
import Store
import Synchronization
import TestSupport

/// The real binary on a real database, shared by all browser tests; each has a shop of its own in it.
struct ConsoleDaemon: Sendable {
    let address: String
    let test: TestStore
    /// Where it puts what agents send: a file a message.
    let spool: String
    private let child: ChildProcess

    static func shared() async throws -> ConsoleDaemon { try await SharedDaemon.instance.running() }

    /// Beside the test bundle.
    private static let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("supportmeter").path

    static func start() async throws -> ConsoleDaemon {
        let test = try await TestStore.make(connectionsMax: 8, clock: .running)
        let folder = FileManager.default.temporaryDirectory.path + "/supportmeter-console-\(ProcessInfo.processInfo.processIdentifier)"
        try? FileManager.default.removeItem(atPath: folder)
        try FileManager.default.createDirectory(atPath: folder + "/spool", withIntermediateDirectories: true)
        DaemonFolder.willRemove(folder)
        try test.database.url.write(toFile: folder + "/url", atomically: true, encoding: .utf8)
        let said = Pipe()
        let script = "exec 2>\"$0/log\"; HOME=\"$0\"; export HOME; exec \"$@\""
        let arguments = [
            "-c", script, folder, program, "serve", "--listen", "127.0.0.1:0", "--log-level", "warning", "--database-url-file", folder + "/url",
            "--spool-dir", folder + "/spool", "--pool-wait-seconds", "30",
        ]
        let child = try ChildProcess(
            .init(program: "/bin/sh", arguments: arguments, user: .current, outputFile: said.fileHandleForWriting.fileDescriptor))
        try said.fileHandleForWriting.close()
        let line = await firstLine(said.fileHandleForReading)
        guard line.hasPrefix("listening on ") else {
            throw BrowserError("the daemon does not listen: \((try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "")")
        }
        return ConsoleDaemon(address: String(line.dropFirst("listening on ".count)), test: test, spool: folder + "/spool", child: child)
    }

    /// Blocks a thread of its own until there is a whole line, or the end.
    private static func firstLine(_ file: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes = Data()
                while !bytes.contains(10) {
                    let more = file.availableData
                    if more.isEmpty { break }
                    bytes += more
                }
                continuation.resume(returning: String(decoding: bytes.prefix { $0 != 10 }, as: UTF8.self))
            }
        }
    }
}

/// The folder goes at the exit of the test process; the daemon itself is ended by the kernel.
private enum DaemonFolder {
    private static let path = Mutex("")

    /// Called once.
    static func willRemove(_ folder: String) {
        path.withLock { $0 = folder }
        atexit { _ = DaemonFolder.path.withLock { try? FileManager.default.removeItem(atPath: $0) } }
    }
}

private actor SharedDaemon {
    static let instance = SharedDaemon()
    private var task: Task<ConsoleDaemon, any Error>?

    func running() async throws -> ConsoleDaemon {
        let starting = task ?? Task { try await ConsoleDaemon.start() }
        task = starting
        return try await starting.value
    }
}
