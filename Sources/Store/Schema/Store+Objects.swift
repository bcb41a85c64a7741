import Postgres

extension Store {
    /// Tables, views and sequences in a database, PostgreSQL's own aside: 0 in one that nothing was ever put into.
    public static func objectCount(_ pool: Pool) async throws -> Int {
        try await pool.read { connection in
            try connection.queryOne(
                """
                SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
                 WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
                """
            ) { try $0.next(Int.self) } ?? 0
        }
    }
}
