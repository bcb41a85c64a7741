import CPostgres
import Glibc
import Synchronization

/// A program of the server, started on a thread of its own that then waits for its end.
///
/// The thread lives as long as the child, because the kernel's "signal the child when the parent dies" means the thread that made it.
final class ChildProcess: Sendable {
    let pid: pid_t
    private let exit = Exit()

    /// What the child runs, as whom, and where its words go.
    struct Launch: Sendable {
        var program: String
        var arguments: [String]
        var user: ServerUser
        var folder = "/"
        var outputFile: Int32
        /// Sent to the child when we die, however that happens.
        var deathSignal = SIGKILL
    }

    /// Throws `.embeddedServer` when the program cannot be started.
    init(_ launch: Launch) throws {
        let (exit, started) = (self.exit, Started())
        let thread = Thread {
            let pid = Self.spawn(launch)
            started.set(pid)
            if pid > 0 { exit.set(Self.waitForEnd(of: pid)) }
        }
        guard thread.start() else { throw PostgresError(.embeddedServer, "no thread could be started for \(launch.program)") }
        pid = started.wait()
        guard pid > 0 else { throw PostgresError(.embeddedServer, "\(launch.program) could not be started (errno \(-pid))") }
    }

    private static func spawn(_ launch: Launch) -> pid_t {
        let environment = ["LANG=C", "LC_ALL=C", "PATH=/usr/bin:/bin", "TZ=UTC"]
        let arguments = unsafe ([launch.program] + launch.arguments).map { unsafe strdup($0) } + [nil]
        let variables = unsafe environment.map { unsafe strdup($0) } + [nil]
        defer { unsafe (arguments + variables).forEach { unsafe free($0) } }
        let pid = unsafe supportmeter_spawn(
            launch.program, arguments, variables, launch.folder, launch.user.uid, launch.user.gid, launch.deathSignal, launch.outputFile)
        return pid > 0 ? pid : -errno
    }

    private static func waitForEnd(of pid: pid_t) -> Int32 {
        var status: Int32 = 0
        while unsafe waitpid(pid, &status, 0) < 0 {
            if errno != EINTR { return -1 }
        }
        return supportmeter_exit_code(status)
    }

    /// The exit status, or minus the signal's number; nil while it runs.
    var exitCode: Int32? { exit.code }

    /// Calls back on the waiting thread, or at once when the child has ended.
    func whenEnded(_ callback: @escaping @Sendable (Int32) -> Void) {
        exit.whenSet(callback)
    }

    /// Does nothing after the end, so the signal never reaches a stranger with the same process id.
    func signal(_ number: Int32) {
        exit.ifRunning { _ = kill(pid, number) }
    }

    /// Blocks for at most that long; true when the child has ended. Not for cooperative threads.
    func waitForEnd(seconds: Double) -> Bool {
        exit.wait(seconds: seconds)
    }

    /// Runs a program to its end and returns what it said; nil when it failed. Blocks.
    static func output(of program: String, _ arguments: [String]) throws -> String? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
        defer { close(ends[0]) }
        let child = try? ChildProcess(Launch(program: program, arguments: arguments, user: .current, outputFile: ends[1]))
        close(ends[1])
        guard let child else { return nil }
        var bytes = [UInt8](repeating: 0, count: 4_096)
        let count = unsafe read(ends[0], &bytes, bytes.count)
        guard child.waitForEnd(seconds: 10), child.exitCode == 0, count > 0 else { return nil }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}
