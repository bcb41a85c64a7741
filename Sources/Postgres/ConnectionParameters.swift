import CPostgres

/// The keywords that libpq connects with, and what of them must never be shown.
struct ConnectionParameters {
    private let keywords: [(name: String, value: String)]
    private let secrets: [String]

    /// Seconds of silence before TCP asks whether the other end is alive, and milliseconds it may leave data unacknowledged.
    private static let keepaliveSeconds = "30"
    private static let userTimeoutMilliseconds = "30000"

    /// Throws `.configuration` for a URL that libpq would misread: it might then put a piece of the password into its error messages.
    init(_ configuration: PoolConfiguration) throws {
        let text = configuration.connectionString
        guard !text.utf8.contains(0) else { throw PostgresError(.configuration, "the database URL holds a NUL byte") }
        try Self.refuseAmbiguousPassword(text)
        keywords = [
            ("application_name", configuration.applicationName),
            ("connect_timeout", String(max(2, configuration.connectSecondsMax))),
            ("keepalives_idle", Self.keepaliveSeconds),
            ("tcp_user_timeout", Self.userTimeoutMilliseconds),
            // What the URL says wins over what stands before it, not over what stands behind it.
            ("dbname", text),
            ("client_encoding", "UTF8"),
        ]
        secrets = try Self.secrets(of: text)
    }

    /// An '@' or '/' in the password that is not percent-encoded moves the rest of it into the host.
    private static func refuseAmbiguousPassword(_ text: String) throws {
        guard text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") else { return }
        let afterScheme = text.drop { $0 != ":" }.dropFirst(3)
        let beforeQuery = afterScheme.prefix { $0 != "?" }
        let authority = beforeQuery.prefix { $0 != "/" }
        guard authority.count(where: { $0 == "@" }) <= 1, !beforeQuery.dropFirst(authority.count).contains("@") else {
            throw PostgresError(.configuration, "the user or password in the database URL must be percent-encoded ('@' is %40, '/' is %2F)")
        }
    }

    /// The passwords that libpq finds in the text. Its own words about a text it cannot parse may quote it and are dropped.
    private static func secrets(of text: String) throws -> [String] {
        guard let options = unsafe PQconninfoParse(text, nil) else {
            throw PostgresError(.configuration, "the database URL cannot be parsed")
        }
        defer { unsafe PQconninfoFree(options) }
        var secrets: [String] = []
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val, unsafe String(cString: keyword).hasSuffix("password") {
                unsafe secrets.append(String(cString: value))
            }
            unsafe option += 1
        }
        return secrets.filter { !$0.isEmpty }
    }

    /// A connection, good or bad; only a lack of memory throws.
    func connect() throws -> OpaquePointer {
        let names = unsafe keywords.map { unsafe strdup($0.name) } + [nil]
        let values = unsafe keywords.map { unsafe strdup($0.value) } + [nil]
        defer { unsafe (names + values).forEach { unsafe free($0) } }
        let raw = unsafe PQconnectdbParams(names.map { unsafe UnsafePointer($0) }, values.map { unsafe UnsafePointer($0) }, 1)
        guard let raw = unsafe raw else { throw PostgresError(.connection, message: "out of memory") }
        return unsafe raw
    }

    /// libpq's words without a password in them.
    func scrubbed(_ message: String) -> String {
        secrets.reduce(message) { $0.replacing($1, with: "***") }
    }
}
