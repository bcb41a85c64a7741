import Postgres
import TestSupport
import Testing

private struct Refusal: Error {}

@Suite struct TransactionTests {
    private func database(connectionsMax: Int = 4) async throws -> TestDatabase {
        let database = try await TestServer.shared.createDatabase(connectionsMax: connectionsMax)
        try await database.pool.read {
            try $0.executeScript("CREATE TABLE counter (id int PRIMARY KEY, value int); INSERT INTO counter VALUES (1, 0), (2, 0)")
        }
        return database
    }

    private func sum(_ database: TestDatabase) async throws -> Int? {
        try await database.pool.read { try $0.queryOne("SELECT sum(value) FROM counter") { try $0.next(Int.self) } }
    }

    @Test("a transaction whose body throws leaves nothing behind")
    func rollback() async throws {
        let database = try await database()
        await #expect(throws: Refusal.self) {
            try await database.pool.transaction { connection in
                #expect(try connection.execute("UPDATE counter SET value = 5") == 2)
                throw Refusal()
            }
        }
        #expect(try await sum(database) == 0)
        await database.drop()
    }

    @Test("two serializable transactions that collide both commit, one of them at the second try")
    func retry() async throws {
        let database = try await database()
        let (runs, bothRead) = (Tally(), Barrier(2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for id in 1...2 {
                group.addTask {
                    try await database.pool.transaction(isolation: .serializable) { connection in
                        let isFirstRun = runs.add() <= 2
                        let sum = try connection.queryOne("SELECT sum(value) FROM counter") { try $0.next(Int.self) } ?? 0
                        if isFirstRun { bothRead.arriveAndWait() }
                        try connection.execute("UPDATE counter SET value = \(sum + 1)::int WHERE id = \(id)::int")
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(runs.value >= 3)
        #expect(try await sum(database) == 3)
        #expect(database.pool.statistics.retriedTotal >= 1)
        await database.drop()
    }

    @Test("other errors are not tried again")
    func noRetry() async throws {
        let (database, runs) = (try await database(), Tally())
        await #expect(throws: PostgresError.self) {
            try await database.pool.transaction { connection in
                runs.add()
                try connection.execute("INSERT INTO counter VALUES (1, 1)")
            }
        }
        #expect(runs.value == 1)
        await database.drop()
    }

    @Test("an error that the body swallows still fails the transaction, with that error")
    func swallowed() async throws {
        let database = try await database()
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.transaction { connection in
                try connection.execute("UPDATE counter SET value = 9")
                _ = try? connection.execute("INSERT INTO counter VALUES (1, 1)")
            }
        }
        #expect(error?.isUniqueViolation == true)
        #expect(try await sum(database) == 0)
        await database.drop()
    }

    @Test("a read-only transaction cannot write")
    func readOnly() async throws {
        let database = try await database()
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.transaction(readOnly: true, isolation: .repeatableRead) {
                try $0.execute("UPDATE counter SET value = 1")
            }
        }
        #expect(error?.sqlState == "25006")
        await database.drop()
    }

    @Test("more rows than one are an error where one is expected")
    func oneRow() async throws {
        let database = try await database()
        await #expect(throws: PostgresError.self) {
            try await database.pool.read { try $0.queryOne("SELECT id FROM counter") { try $0.next(Int.self) } }
        }
        let none = try await database.pool.read { try $0.queryOne("SELECT id FROM counter WHERE id = 9") { try $0.next(Int.self) } }
        #expect(none == nil)
        await database.drop()
    }

    @Test("a BEGIN that a read forgot does not leak into the next work")
    func forgottenBegin() async throws {
        let database = try await database(connectionsMax: 1)
        _ = try await database.pool.read { try $0.executeScript("BEGIN; UPDATE counter SET value = 100") }
        #expect(try await sum(database) == 0)
        await database.drop()
    }

    @Test("statements survive a change of the table under them, also inside a transaction")
    func stalePlan() async throws {
        let database = try await database(connectionsMax: 1)
        let read: @Sendable (Connection) throws -> Int = { connection in
            try connection.query("SELECT * FROM counter") { $0.columnNames.count }.first ?? 0
        }
        #expect(try await database.pool.read(read) == 2)
        let other = database.makePool()
        try await other.read { try $0.executeScript("ALTER TABLE counter ADD COLUMN note text") }
        #expect(try await database.pool.read(read) == 3)
        try await other.read { try $0.executeScript("ALTER TABLE counter ADD COLUMN more text") }
        #expect(try await database.pool.transaction(read) == 4)
        _ = try await database.pool.read { try $0.executeScript("DEALLOCATE ALL") }
        #expect(try await database.pool.read(read) == 4)
        await other.shutdown()
        await database.drop()
    }

    @Test("a connection remembers no more statements than its limit")
    func statementLimit() async throws {
        let database = try await database()
        let pool = database.makePool { ($0.connectionsMax, $0.preparedStatementsMax) = (1, 8) }
        for number in 0..<50 {
            _ = try await pool.read { try $0.execute(SQL(raw: "SELECT \(number)")) + $0.execute("SELECT 'often'") }
        }
        let texts = try await pool.read { try $0.query("SELECT statement FROM pg_prepared_statements") { try $0.next(String.self) } }
        #expect(texts.count <= 8)
        #expect(texts.contains("SELECT 'often'"))
        await pool.shutdown()
        await database.drop()
    }
}
