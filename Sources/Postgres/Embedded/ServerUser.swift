import CPostgres

/// Whom the server runs as. PostgreSQL refuses to run as root, so root drops to somebody without rights.
struct ServerUser: Sendable, Equatable {
    let name: String
    /// 0 means "as we are": nothing changes.
    let uid: uid_t
    let gid: gid_t

    /// As we are, without a change.
    static var current: ServerUser { ServerUser(name: "uid \(geteuid())", uid: 0, gid: 0) }

    /// For a new folder: ourselves, or when we are root the system's `postgres`, else `nobody`. An existing data folder keeps its owner.
    static func forData(in dataFolder: String) throws -> ServerUser {
        guard geteuid() == 0 else { return current }
        if let owner = FileFacts(dataFolder), owner.uid != 0 {
            return ServerUser(name: "uid \(owner.uid)", uid: owner.uid, gid: owner.gid)
        }
        for name in ["postgres", "nobody"] {
            if let user = named(name) { return user }
        }
        throw PostgresError(
            .embeddedServer, "PostgreSQL does not run as root, and there is no user \"postgres\" or \"nobody\" to run it as")
    }

    private static func named(_ name: String) -> ServerUser? {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard unsafe getpwnam_r(name, &entry, &buffer, buffer.count, &found) == 0, unsafe found != nil, unsafe entry.pw_uid != 0 else {
            return nil
        }
        return unsafe ServerUser(name: name, uid: entry.pw_uid, gid: entry.pw_gid)
    }

    /// Throws, with the ways out, when the user cannot pass through a folder on the way (`/root` is 0700).
    func checkMayEnter(_ folder: String) throws {
        guard uid != 0 else { return }
        var path = ""
        for name in folder.split(separator: "/") {
            path += "/" + name
            guard let facts = FileFacts(path), !facts.isEnterable(uid: uid, gid: gid) else { continue }
            throw PostgresError(
                .embeddedServer,
                "the user \(self.name), whom PostgreSQL runs as because it refuses to run as root, cannot enter \(path): choose a data "
                    + "folder elsewhere (for example /var/lib/supportmeter), run supportmeter as an ordinary user, or chmod o+x \(path)")
        }
    }
}

/// Owner and mode of a file.
struct FileFacts {
    let uid: uid_t
    let gid: gid_t
    let mode: mode_t
    let size: Int

    /// Nil when there is no such file.
    init?(_ path: String) {
        var facts = stat()
        guard unsafe stat(path, &facts) == 0 else { return nil }
        (uid, gid, mode, size) = (facts.st_uid, facts.st_gid, facts.st_mode, Int(facts.st_size))
    }

    func isEnterable(uid: uid_t, gid: gid_t) -> Bool {
        if self.uid == uid { return mode & 0o100 != 0 }
        if self.gid == gid { return mode & 0o010 != 0 }
        return mode & 0o001 != 0
    }
}
