import CPostgres
import FoundationEssentials

/// The folder with `postgres` and `initdb`.
struct ServerPrograms {
    /// Older servers lack what the schema uses.
    static let majorVersionMin = 15

    let folder: String
    let majorVersion: Int

    var postgres: String { folder + "/postgres" }
    var initdb: String { folder + "/initdb" }

    /// Debian's folders, newest version first, then those of other systems, then PATH. Throws when nothing is new enough.
    static func find() throws -> ServerPrograms {
        for folder in debianFolders() + ["/usr/pgsql/bin", "/usr/local/pgsql/bin", "/usr/libexec/postgresql"] + pathFolders() {
            if let programs = ServerPrograms(in: folder) { return programs }
        }
        throw PostgresError(
            .embeddedServer,
            "no PostgreSQL server \(majorVersionMin) or newer was found: install it (Debian: apt-get install postgresql) "
                + "or give a database URL")
    }

    static func debianFolders() -> [String] {
        let root = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return versions.compactMap { Int($0) }.sorted(by: >).map { "\(root)/\($0)/bin" }
    }

    static func pathFolders() -> [String] {
        guard let path = ProcessInfo.processInfo.environment["PATH"] else { return [] }
        return path.split(separator: ":").map(String.init)
    }

    /// A link (`/usr/local/bin/postgres`) is followed, because the server finds its files beside its real place.
    private init?(in folder: String) {
        guard let resolved = unsafe realpath(folder + "/postgres", nil) else { return nil }
        defer { unsafe free(resolved) }
        let program = unsafe String(cString: resolved)
        let home = String(program.dropLast("/postgres".count))
        guard unsafe access(program, X_OK) == 0, unsafe access(home + "/initdb", X_OK) == 0 else { return nil }
        guard let version = Self.majorVersion(of: program), version >= Self.majorVersionMin else { return nil }
        (self.folder, majorVersion) = (home, version)
    }

    /// `postgres (PostgreSQL) 15.20 (Debian ...)`.
    static func majorVersion(of program: String) -> Int? {
        guard let output = try? ChildProcess.output(of: program, ["--version"]) else { return nil }
        let words = output.split(separator: " ")
        guard let index = words.firstIndex(of: "(PostgreSQL)"), index + 1 < words.count else { return nil }
        return Int(words[index + 1].prefix { $0.isNumber })
    }
}
