import Postgres
import TestSupport
import Testing

@Suite struct CancelTests {
    @Test("cancelling a task cancels its statement at once and leaves the connection usable")
    func cancelStatement() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.connectionsMax = 1 }
        let sleeper = Task { try await pool.transaction { try $0.execute("SELECT pg_sleep(60)") } }
        try await database.pool.waitForSleeper()
        let clock = ContinuousClock()
        let seconds = try await clock.measure {
            sleeper.cancel()
            let error = try await #require(throws: PostgresError.self) { try await sleeper.value }
            #expect(error.isCancelled && error.sqlState == "57014")
        }
        #expect(seconds < .seconds(20), "pg_sleep(60) went on")
        for number in 0..<20 {
            #expect(try await pool.read { try $0.queryOne("SELECT \(number)::int") { try $0.next(Int.self) } } == number)
        }
        #expect(pool.statistics.connectedTotal == 1)
        await pool.shutdown()
        await database.drop()
    }

    @Test("a cancel between two statements stops the second one")
    func cancelBetweenStatements() async throws {
        let database = try await TestServer.shared.createDatabase()
        let (reached, statements) = (Gate(), Tally())
        let worker = Task {
            try await database.pool.transaction { connection in
                while true {
                    try connection.execute("SELECT 1")
                    if statements.add() == 100 { reached.open() }
                }
            }
        }
        await reached.wait()
        worker.cancel()
        let error = await #expect(throws: PostgresError.self) { try await worker.value }
        #expect(error?.isCancelled == true)
        await database.drop()
    }

    @Test("cancels that come at any moment never hit the work of somebody else")
    func cancelStorm() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { ($0.connectionsMax, $0.waitSecondsMax) = (2, 60) }
        let wrong = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let work = Task { try await pool.transaction { try $0.execute("SELECT pg_sleep(0.002)") } }
                    if number.isMultiple(of: 2) {
                        for _ in 0..<(number % 40) { await Task.yield() }
                        work.cancel()
                    }
                    do {
                        _ = try await work.value
                        return false
                    } catch let error as PostgresError {
                        return !(error.isCancelled && number.isMultiple(of: 2))
                    }
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(wrong == 0)
        await pool.shutdown()
        await database.drop()
    }
}
