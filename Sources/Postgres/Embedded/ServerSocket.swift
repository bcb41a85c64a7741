import CPostgres

/// The folder of the Unix socket. Whoever can enter it may use the database, so nobody but the server's user and root can.
struct ServerSocket {
    let folder: String
    /// True when the folder is one of ours under /tmp, to be removed at the stop.
    let isTemporary: Bool

    /// A path of a Unix socket has at most 107 bytes (`sockaddr_un`), and PostgreSQL adds this to the folder's.
    private static let pathBytesMax = 107
    private static let fileName = "/.s.PGSQL.5432.lock"

    /// `<folder>/socket`, or a private folder under /tmp when that path is too long for a socket.
    init(_ server: ServerFolder) throws {
        let wanted = server.folder + "/socket"
        if wanted.utf8.count + Self.fileName.utf8.count <= Self.pathBytesMax {
            (folder, isTemporary) = (wanted, false)
        } else {
            var template = Array("/tmp/supportmeter-socket-XXXXXX".utf8CString)
            guard let made = unsafe mkdtemp(&template) else { throw PostgresError(.embeddedServer, "cannot make a folder in /tmp") }
            (folder, isTemporary) = (unsafe String(cString: made), true)
        }
        try server.makePrivate(folder)
    }

    func remove() {
        if isTemporary { unsafe rmdir(folder) }
    }

    /// The folder as the value of a URL's query.
    var encodedFolder: String { Self.encoded(folder) }

    static func encoded(_ folder: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return folder.utf8.map { byte in
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            return plain.contains(byte) ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + hexadecimal
        }.joined()
    }
}
