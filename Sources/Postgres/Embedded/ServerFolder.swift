import CPostgres
import FoundationEssentials
import Glibc

/// The files of an embedded server: makes the cluster once and finds its places.
struct ServerFolder {
    let folder: String
    let user: ServerUser
    let configuration: EmbeddedServerConfiguration

    var data: String { folder + "/data" }
    var log: String { folder + "/postgres.log" }

    private static let initSecondsMax = 300.0

    /// Makes the folder (0700, of the server's user) when it is missing. A folder that exists keeps owner and mode.
    init(_ configuration: EmbeddedServerConfiguration) throws {
        let path = configuration.folder
        var created = false
        if FileFacts(path) == nil {
            try Self.translated("cannot make \(path)") {
                try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            unsafe chmod(path, 0o700)
            created = true
        }
        guard let folder = FileFacts.resolved(path) else { throw PostgresError(.embeddedServer, "there is no folder \(path)") }
        self.folder = folder
        self.configuration = configuration
        user = try ServerUser.forData(in: folder + "/data")
        if created { giveAway(folder) }
        try user.checkMayEnter(folder)
    }

    /// Runs initdb unless it has been done. A killed initdb leaves only a folder that the next start removes.
    func prepare(_ programs: ServerPrograms) throws {
        if let facts = FileFacts(data + "/PG_VERSION") {
            guard geteuid() == 0 || facts.uid == geteuid() else {
                throw PostgresError(.embeddedServer, "\(data) belongs to another user (uid \(facts.uid)); run supportmeter as that user")
            }
            return try checkVersion(programs)
        }
        let unfinished = data + ".unfinished"
        try? FileManager.default.removeItem(atPath: unfinished)
        try makePrivate(unfinished)
        try initialize(unfinished, programs)
        guard unsafe rename(unfinished, data) == 0 else {
            throw PostgresError(.embeddedServer, "cannot rename \(unfinished) (errno \(errno))")
        }
        syncFolder()
    }

    /// A cluster runs only under the major version that made it.
    private func checkVersion(_ programs: ServerPrograms) throws {
        let text = (try? String(contentsOfFile: data + "/PG_VERSION", encoding: .utf8)) ?? ""
        guard let version = Int(text.prefix { $0.isNumber }), version != programs.majorVersion else { return }
        throw PostgresError(
            .embeddedServer,
            "\(data) was made by PostgreSQL \(version) and PostgreSQL \(programs.majorVersion) is installed: install "
                + "\(version), or run backup with it and restore with the new one")
    }

    private func initialize(_ target: String, _ programs: ServerPrograms) throws {
        let output = try openLog()
        defer { close(output) }
        var arguments = ["--pgdata", target, "--username", configuration.databaseName, "--encoding", "UTF8", "--auth-local", "trust"]
        arguments += ["--auth-host", "reject", "--no-instructions", "--lc-messages", "C"] + localeArguments(programs)
        arguments += configuration.isDurable ? ["--data-checksums"] : ["--no-sync"]
        let launch = ChildProcess.Launch(program: programs.initdb, arguments: arguments, user: user, folder: folder, outputFile: output)
        let child = try ChildProcess(launch)
        guard child.waitForEnd(seconds: Self.initSecondsMax) else {
            child.signal(SIGKILL)
            throw PostgresError(.embeddedServer, "initdb did not end within \(Self.initSecondsMax) seconds", message: logTail())
        }
        guard child.exitCode == 0 else { throw PostgresError(.embeddedServer, "initdb failed, see \(log)", message: logTail()) }
    }

    /// Text is ordered by code point, everywhere alike, and letters beyond ASCII have their cases.
    private func localeArguments(_ programs: ServerPrograms) -> [String] {
        if programs.majorVersion >= 17 { return ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8", "--locale", "C"] }
        return ["--locale", unsafe supportmeter_has_locale("C.UTF-8") != 0 ? "C.UTF-8" : "C"]
    }

    func makePrivate(_ path: String) throws {
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw PostgresError(.embeddedServer, "cannot make \(path) (errno \(errno))")
        }
        unsafe chmod(path, 0o700)
        giveAway(path)
    }

    private func giveAway(_ path: String) {
        if user.uid != 0 { unsafe chown(path, user.uid, user.gid) }
    }

    func openLog() throws -> Int32 {
        if let facts = FileFacts(log), facts.size > configuration.logBytesMax { unsafe unlink(log) }
        let file = unsafe supportmeter_open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw PostgresError(.embeddedServer, "\(log) cannot be written (errno \(errno))") }
        return file
    }

    /// The last lines of the log, for the full face of an error.
    func logTail() -> String {
        let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").suffix(12).joined(separator: "\n")
    }

    /// The rename itself must survive a power failure.
    private func syncFolder() {
        let file = unsafe supportmeter_open(folder, O_RDONLY | O_CLOEXEC, 0)
        guard file >= 0 else { return }
        fsync(file)
        close(file)
    }

    private static func translated(_ sentence: String, _ action: () throws -> Void) throws {
        do { try action() } catch { throw PostgresError(.embeddedServer, sentence, message: "\(error)") }
    }
}
