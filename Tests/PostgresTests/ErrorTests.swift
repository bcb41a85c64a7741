import Postgres
import TestSupport
import Testing

@Suite struct ErrorTests {
    @Test("NULL read as something that cannot be NULL names the column")
    func nullNamesColumn() async throws {
        let database = try await TestServer.shared.createDatabase()
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.read {
                try $0.query("SELECT 1 AS first, NULL::bigint AS remaining") { row in
                    (try row.next(Int.self), try row.next(Int.self)).1
                }
            }
        }
        #expect(error?.kind == .decoding)
        #expect(error?.description.contains("\"remaining\" is NULL") == true)
        let named = await #expect(throws: PostgresError.self) {
            try await database.pool.read { try $0.query("SELECT 'x' AS word") { try $0.value("word", as: Int.self) } }
        }
        #expect(named?.description.contains("\"word\"") == true)
        let missing = await #expect(throws: PostgresError.self) {
            try await database.pool.read { try $0.query("SELECT 1 AS word") { try $0.value("wort", as: Int.self) } }
        }
        #expect(missing?.description.contains("no column \"wort\"") == true)
        await database.drop()
    }

    @Test("the error of a broken constraint carries its name and SQLSTATE, and the safe face no value")
    func constraintReachesError() async throws {
        let database = try await TestServer.shared.createDatabase()
        try await database.pool.read {
            try $0.executeScript(
                "CREATE TABLE person (mail text CONSTRAINT person_mail_once UNIQUE, age int CONSTRAINT person_age CHECK (age > 0))")
        }
        let insert: @Sendable (Connection) throws -> Int = {
            try $0.execute("INSERT INTO person VALUES (\("ana@secret.example"), \(5)::int)")
        }
        #expect(try await database.pool.transaction(insert) == 1)
        let error = try await #require(throws: PostgresError.self) { try await database.pool.transaction(insert) }
        #expect(error.isUniqueViolation && error.sqlState == "23505")
        #expect(error.constraint == "person_mail_once")
        #expect(error.table == "person")
        #expect(!error.description.contains("secret"))
        #expect("\(error)" == error.description)
        #expect(error.debugDescription.contains("INSERT INTO person VALUES ($1, $2::int)"))
        let check = try await #require(throws: PostgresError.self) {
            try await database.pool.transaction { try $0.execute("INSERT INTO person VALUES (NULL, \(-77)::int)") }
        }
        #expect(check.isCheckViolation && check.constraint == "person_age")
        #expect(!check.description.contains("77"))
        await database.drop()
    }

    @Test("a wrong statement says where, in the full face")
    func position() async throws {
        let database = try await TestServer.shared.createDatabase()
        let error = try await #require(throws: PostgresError.self) {
            try await database.pool.read { try $0.execute("SELECT nothing FROM pg_class") }
        }
        #expect(error.position == 8)
        #expect(error.debugDescription.contains("nothing"))
        await database.drop()
    }

    @Test(
        "no face of an error shows the password",
        arguments: [
            "postgresql://ana:hunter2@127.0.0.1:1/x", "postgresql://ana:hunter2@nowhere.invalid/x",
            "host=/nowhere password=hunter2 dbname=x",
            "postgresql://ana:hunter2@x@127.0.0.1/x", "postgresql://ana:hun/hunter2@127.0.0.1/x", "postgresql://ana:hunter2@[/x",
            "postgresql://ana@127.0.0.1:1/x?password=hunter2", "postgresql://ana:hunter2@127.0.0.1:1/x?hunter2=1", "host='hunter2",
        ])
    func noPassword(url: String) async throws {
        let pool = Pool(PoolConfiguration(url), logger: TestServer.logger)
        let error = try await #require(throws: PostgresError.self) { try await pool.read { try $0.execute("SELECT 1") } }
        #expect(error.kind == .connection || error.kind == .configuration)
        #expect(!error.description.contains("hunter2"))
        #expect(!error.debugDescription.contains("hunter2"))
        await pool.shutdown()
    }

    @Test("a full disk is recognised by code and by words")
    func diskFull() {
        var error = PostgresError(.server)
        error.sqlState = "53100"
        #expect(error.isDiskFull)
        error.sqlState = "XX000"
        #expect(!error.isDiskFull)
        error.message = "could not write to file \"pg_wal/xlogtemp.12\": No space left on device"
        #expect(error.isDiskFull)
    }

    @Test("statement_timeout ends a statement and is not taken for a cancelled task")
    func statementTimeout() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.statementSecondsMax = 0.05 }
        let error = try await #require(throws: PostgresError.self) { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } }
        #expect(error.isStatementTimeout && !error.isCancelled)
        await pool.shutdown()
        await database.drop()
    }
}
