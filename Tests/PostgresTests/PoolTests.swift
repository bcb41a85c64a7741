import Postgres
import TestSupport
import Testing

@Suite struct PoolTests {
    @Test("200 tasks share 4 connections and each gets its own answer")
    func manyTasks() async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 4)
        let answers = try await withThrowingTaskGroup(of: (Int, Int?).self) { group in
            for number in 0..<200 {
                group.addTask {
                    (number, try await database.pool.transaction { try $0.queryOne("SELECT \(number)::int") { try $0.next(Int.self) } })
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 200)
        #expect(answers.allSatisfy { $0.0 == $0.1 })
        let statistics = database.pool.statistics
        #expect(statistics.open <= 4 && statistics.busy == 0 && statistics.waiting == 0)
        #expect(statistics.workTotal == 200)
        await database.drop()
        #expect(database.pool.statistics.open == 0)
    }

    @Test("a line that is full refuses at once, and says so")
    func poolFull() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { ($0.connectionsMax, $0.waitersMax) = (1, 2) }
        let busy = Task { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } }
        try await database.pool.waitForSleeper()
        let waiting = (0..<2).map { _ in Task { try await pool.read { try $0.execute("SELECT 1") } } }
        while pool.statistics.waiting < 2 { await Task.yield() }
        let error = try await #require(throws: PostgresError.self) { try await pool.read { try $0.execute("SELECT 1") } }
        #expect(error.kind == .poolFull)
        busy.cancel()
        for task in waiting { #expect(try await task.value == 1) }
        await pool.shutdown()
        await database.drop()
    }

    @Test("whoever waits too long is told so, and the line goes on")
    func poolTimeout() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { ($0.connectionsMax, $0.waitSecondsMax) = (1, 0.2) }
        let busy = Task { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } }
        try await database.pool.waitForSleeper()
        for _ in 0..<2 {
            let error = try await #require(throws: PostgresError.self) { try await pool.read { try $0.execute("SELECT 1") } }
            #expect(error.kind == .poolTimeout)
        }
        #expect(pool.statistics.waitTimeoutTotal == 2)
        busy.cancel()
        _ = await busy.result
        #expect(try await pool.read { try $0.execute("SELECT 1") } == 1)
        await pool.shutdown()
        await database.drop()
    }

    @Test("a cancelled task leaves the line without taking a connection")
    func cancelledWaiter() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { ($0.connectionsMax, $0.waitSecondsMax) = (1, 60) }
        let busy = Task { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } }
        try await database.pool.waitForSleeper()
        let waiting = Task { try await pool.read { try $0.execute("SELECT 1") } }
        while pool.statistics.waiting < 1 { await Task.yield() }
        waiting.cancel()
        let error = await #expect(throws: PostgresError.self) { try await waiting.value }
        #expect(error?.isCancelled == true)
        #expect(pool.statistics.waiting == 0)
        busy.cancel()
        await pool.shutdown()
        await database.drop()
    }

    @Test("after a shutdown nothing is served and nothing stays open")
    func shutdown() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.shutdownSecondsMax = 0.1 }
        let busy = Task { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } }
        try await database.pool.waitForSleeper()
        await pool.shutdown()
        await #expect(throws: PostgresError.self) { try await busy.value }
        let error = try await #require(throws: PostgresError.self) { try await pool.read { try $0.execute("SELECT 1") } }
        #expect(error.kind == .poolClosed)
        #expect(pool.statistics.open == 0)
        await pool.shutdown()
        await database.drop()
    }

    @Test("Swift's threads stay free while ten connections sleep")
    func cooperativeThreadsStayFree() async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 2)
        let pool = database.makePool { $0.connectionsMax = 10 }
        let sleepers = (0..<10).map { _ in Task { try await pool.read { try $0.execute("SELECT pg_sleep(60)") } } }
        try await database.pool.waitForBackends(running: "%pg_sleep%", count: 10)
        let ticks = await withTaskGroup(of: Int.self) { group in
            for number in 0..<100 {
                group.addTask {
                    await Task.yield()
                    return number
                }
            }
            return await group.reduce(0) { count, _ in count + 1 }
        }
        #expect(ticks == 100)
        #expect(pool.statistics.busy == 10)
        for sleeper in sleepers { sleeper.cancel() }
        for sleeper in sleepers { await #expect(throws: PostgresError.self) { try await sleeper.value } }
        await pool.shutdown()
        await database.drop()
    }
}
