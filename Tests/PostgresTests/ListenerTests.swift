import Postgres
import TestSupport
import Testing

@Suite struct ListenerTests {
    private func notify(_ pool: Pool, _ channel: String, _ payload: String) async throws {
        _ = try await pool.read { try $0.execute("SELECT pg_notify(\(channel), \(payload))") }
    }

    @Test("a notification reaches the listener, also after its connection was lost")
    func reconnect() async throws {
        let database = try await TestServer.shared.createDatabase()
        var heard = database.pool.listen(["work", "Odd \"name\""]).makeAsyncIterator()
        #expect(await heard.next() == .reconnected)
        try await notify(database.pool, "work", "1")
        #expect(await heard.next() == .message(channel: "work", payload: "1"))
        try await notify(database.pool, "Odd \"name\"", "č")
        #expect(await heard.next() == .message(channel: "Odd \"name\"", payload: "č"))
        _ = try await database.pool.read {
            try $0.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'")
        }
        #expect(await heard.next() == .reconnected)
        try await notify(database.pool, "work", "2")
        #expect(await heard.next() == .message(channel: "work", payload: "2"))
        await database.drop()
        #expect(await heard.next() == nil)
    }

    @Test("cancelling the task ends the listener and its connection")
    func cancel() async throws {
        let database = try await TestServer.shared.createDatabase()
        let ready = Gate()
        let task = Task {
            for await _ in database.pool.listen(["work"]) { ready.open() }
        }
        await ready.wait()
        task.cancel()
        await task.value
        let listeners: SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        while try await database.pool.read({ try $0.queryOne(listeners) { try $0.next(Int.self) } }) != 0 { await Task.yield() }
        await database.drop()
    }

    @Test("a listener that does not read keeps a bounded buffer and is told to read everything again")
    func bounded() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.notificationsMax = 10 }
        var heard = pool.listen(["work"]).makeAsyncIterator()
        #expect(await heard.next() == .reconnected)
        _ = try await pool.read { try $0.execute("SELECT pg_notify('work', n::text) FROM generate_series(1, 1000) n") }
        var messages = 0
        while await heard.next() != .reconnected { messages += 1 }
        #expect(messages < 1_000)
        await pool.shutdown()
        await database.drop()
    }
}
