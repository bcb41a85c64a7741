import CPostgres

/// PostgreSQL's own programs beside the server: `pg_dump`, `pg_restore`.
package enum ClientPrograms {
    /// The program of that major version: Debian's folder of the version first, then other folders and PATH. Blocks for a moment.
    /// Throws `.configuration` that names what to install.
    package static func find(_ name: String, majorVersion: Int) throws -> String {
        let folders = ["/usr/lib/postgresql/\(majorVersion)/bin", "/usr/pgsql-\(majorVersion)/bin", "/usr/local/pgsql/bin"] + ServerPrograms.pathFolders()
        for folder in folders {
            let program = folder + "/" + name
            guard unsafe access(program, X_OK) == 0, ServerPrograms.majorVersion(of: program) == majorVersion else { continue }
            return program
        }
        throw PostgresError(
            .configuration, "\(name) of PostgreSQL \(majorVersion), the version of the database, was not found: install it "
                + "(Debian: apt-get install postgresql-client-\(majorVersion))")
    }
}

/// What such a program needs in its environment to connect as we do, so that nothing of it stands in its arguments.
package enum ConnectionEnvironment {
    /// `PGHOST`, `PGUSER`, `PGPASSWORD`, ... for what the URL or connection string says; holds the password. Throws `.configuration`.
    /// Source: `PQconninfoOption.envvar`, PostgreSQL manual 34.1 and 34.15.
    package static func variables(for connectionString: String) throws -> [String: String] {
        guard !connectionString.utf8.contains(0), let options = unsafe PQconninfoParse(connectionString, nil) else {
            throw PostgresError(.configuration, "the database URL cannot be parsed")
        }
        defer { unsafe PQconninfoFree(options) }
        var variables: [String: String] = [:]
        var option = unsafe options
        while unsafe option.pointee.keyword != nil {
            if let name = unsafe option.pointee.envvar, let value = unsafe option.pointee.val {
                unsafe variables[String(cString: name)] = unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return variables
    }
}
