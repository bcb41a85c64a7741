import Postgres
import Synchronization
import TestSupport
import Testing

@Suite("one moment") struct MomentTests {
    private static func prepared() async throws -> TestDatabase {
        let database = try await TestServer.shared.createDatabase()
        try await database.pool.transaction { try $0.executeScript("CREATE TABLE number (n integer); INSERT INTO number VALUES (1)") }
        return database
    }

    private static func add(_ pool: Pool) async throws { try await pool.write { _ = try $0.execute("INSERT INTO number VALUES (1)") } }

    private static func count(_ pool: Pool) async throws -> Int { try await pool.read { try $0.queryOne("SELECT count(*) FROM number") { try $0.next(Int.self) } ?? 0 } }

    @Test("reads, transactions and streams, at once and one after the other, see what was there when it began; who writes meanwhile does so at once")
    func same() async throws {
        let database = try await Self.prepared()
        let pool = database.pool
        let seen = try await pool.atOneMoment { moment in
            try await Self.add(pool)
            async let beside = Self.count(moment)
            let first = try await Self.count(moment)
            try await Self.add(pool)
            let second = try await moment.transaction { try $0.queryOne("SELECT count(*) FROM number") { try $0.next(Int.self) } ?? 0 }
            let rows = try await moment.copyOut("COPY number TO STDOUT") { _ in try await Self.add(pool) }
            return [first, second, rows, try await beside]
        }
        #expect(seen == [1, 1, 1, 1])
        #expect(try await Self.count(pool) == 4)
        await database.drop()
    }

    @Test("nothing can be written through it; a body that throws ends it, and no connection of it stays")
    func readOnly() async throws {
        let database = try await Self.prepared()
        let pool = database.pool
        for isStatement in [true, false] {
            let error = await #expect(throws: PostgresError.self) {
                try await pool.atOneMoment { moment in
                    if isStatement { try await Self.add(moment) } else { try await moment.transaction { _ = try $0.execute("DELETE FROM number") } }
                }
            }
            #expect(error?.sqlState == "25006")
        }
        #expect(try await Self.count(pool) == 1)
        let others: SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'idle in transaction'"
        while try await pool.read({ try $0.queryOne(others) { try $0.next(Int.self) } }) != 0 { await Task.yield() }
        await database.drop()
    }

    @Test("when the server ends what holds the moment, all that was read is worth nothing")
    func lost() async throws {
        let database = try await Self.prepared()
        let pool = database.pool
        let isRead = Mutex(false)
        await #expect(throws: PostgresError.self) {
            try await pool.atOneMoment { moment in
                _ = try await Self.count(moment)
                let ended = try await pool.write {
                    try $0.execute("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'")
                }
                isRead.withLock { $0 = ended == 1 }
            }
        }
        #expect(isRead.withLock { $0 })
        await database.drop()
    }
}
