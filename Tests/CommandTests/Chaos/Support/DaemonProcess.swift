import Foundation
@testable import Postgres
import Testing

/// The real binary as a process that a test may kill. The kernel ends it when the test process ends, however that happens.
final class DaemonProcess: Sendable {
    /// Beside the test bundle.
    static let binary = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("supportmeter").path

    let pid: pid_t
    private let child: ChildProcess
    private let output: OutputPipe
    private let errorFile: String

    /// Starts it with its standard output in a pipe and its log in a file. Nothing of our environment reaches it.
    ///
    /// Not by Foundation's `Process`: a child that a task's thread starts there inherits that thread's blocked signals.
    init(_ arguments: [String], program: String = binary) throws {
        errorFile = FileManager.default.temporaryDirectory.path + "/supportmeter-chaos-\(UUID().uuidString).log"
        output = try OutputPipe()
        let shell = ["-c", "exec 2>\"$0\"; HOME=/tmp; export HOME; exec \"$@\"", errorFile, program] + arguments
        child = try ChildProcess(.init(program: "/bin/sh", arguments: shell, user: .current, outputFile: output.writingEnd))
        pid = child.pid
        output.begin()
    }

    deinit {
        child.signal(SIGKILL)
        try? FileManager.default.removeItem(atPath: errorFile)
    }

    /// What it has said on standard output so far.
    var said: String { output.text }
    /// What it has logged so far.
    var logged: String { (try? String(decoding: Data(contentsOf: URL(fileURLWithPath: errorFile)), as: UTF8.self)) ?? "" }
    var logLines: [Substring] { logged.split(separator: "\n") }
    var hasEnded: Bool { child.exitCode != nil }

    func signal(_ number: Int32) { child.signal(number) }

    /// Returns when it is gone: the exit code, or minus the signal.
    @discardableResult
    func kill() async -> Int32 {
        child.signal(SIGKILL)
        return await ended()
    }

    func ended() async -> Int32 {
        await withCheckedContinuation { continuation in child.whenEnded { continuation.resume(returning: $0) } }
    }

    /// Ends it in order and returns its exit code; kills it, with a failure, when that takes longer than a shutdown may.
    @discardableResult
    func stop(_ number: Int32 = SIGTERM, within seconds: Double = 60) async throws -> Int32 {
        child.signal(number)
        try await eventually("the process ends", within: seconds) { self.hasEnded }
        return await ended()
    }

    /// `http://127.0.0.1:41234`, once it says so. Throws with its log when it ends before.
    func address(within seconds: Double = 120) async throws -> String {
        let found = try await eventually("the daemon listens: \(logged)", within: seconds) { () -> String? in
            if let line = self.said.split(separator: "\n", omittingEmptySubsequences: false).dropLast().first(where: { $0.hasPrefix("listening on ") }) {
                return String(line.dropFirst("listening on ".count))
            }
            if self.hasEnded { throw ChaosError("the daemon ended before it listened: \(self.logged)") }
            return nil
        }
        return found
    }
}

/// The reading end of a child's standard output, read as it comes.
///
/// `@unchecked Sendable`: the file numbers are changed by `begin` alone, before anybody else has it; the text is behind a lock.
final class OutputPipe: @unchecked Sendable {
    private(set) var writingEnd: Int32 = -1
    private let readingEnd: Int32
    private let collected = Locked(Data())
    private var source: (any DispatchSourceRead)?

    init() throws {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw ChaosError("no pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (readingEnd, writingEnd) = (ends[0], ends[1])
    }

    func begin() {
        close(writingEnd)
        let (end, collected) = (readingEnd, collected)
        let source = DispatchSource.makeReadSource(fileDescriptor: end, queue: DispatchQueue(label: "chaos.output"))
        source.setEventHandler {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            let count = unsafe read(end, &bytes, bytes.count)
            if count > 0 { collected.with { $0.append(contentsOf: bytes[..<count]) } } else { source.cancel() }
        }
        source.setCancelHandler { close(end) }
        source.resume()
        self.source = source
    }

    var text: String { String(decoding: collected.with { $0 }, as: UTF8.self) }
}
