import Postgres
import TestSupport
import Testing

@Suite struct RestartTests {
    @Test("after the server was restarted, and after it was killed, the next transaction works")
    func reconnect() async throws {
        let server = try await TestServer.dedicated()
        let database = try await server.createDatabase()
        let one: @Sendable (Connection) throws -> Int = { try $0.execute("SELECT \(1)::int") }
        #expect(try await database.pool.transaction(one) == 1)
        var heard = database.pool.listen(["work"]).makeAsyncIterator()
        #expect(await heard.next() == .reconnected)
        try await server.restart()
        #expect(try await database.pool.transaction(one) == 1)
        #expect(try await database.pool.read(one) == 1)
        #expect(await heard.next() == .reconnected)
        await server.kill()
        // A process of the server may answer once more before it notices that it is an orphan.
        var error: PostgresError?
        while error == nil {
            do { _ = try await database.pool.transaction(one) } catch let lost as PostgresError { error = lost }
        }
        #expect(error?.isConnectionLost == true)
        try await server.recover()
        #expect(try await database.pool.read(one) == 1)
        #expect(try await database.pool.transaction(one) == 1)
        await database.drop()
        await server.stop()
    }

    @Test("a connection lost during the body is no success and leaves nothing behind; one lost at COMMIT has an unknown outcome")
    func lostInBody() async throws {
        let database = try await TestServer.shared.createDatabase()
        try await database.pool.read { try $0.executeScript("CREATE TABLE note (text text)") }
        let other = database.makePool()
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.transaction { connection in
                try connection.execute("INSERT INTO note VALUES ('a')")
                try connection.execute("SELECT pg_terminate_backend(pg_backend_pid())")
            }
        }
        #expect(error?.isConnectionLost == true && error?.outcomeUnknown == false)
        // A deferred trigger runs during COMMIT, so the connection is lost exactly there.
        try await other.read {
            try $0.executeScript(
                """
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                    'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END';
                CREATE CONSTRAINT TRIGGER note_dies AFTER INSERT ON note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die();
                """)
        }
        let atCommit = await #expect(throws: PostgresError.self) {
            try await database.pool.transaction { try $0.execute("INSERT INTO note VALUES ('b')") }
        }
        #expect(atCommit?.isConnectionLost == true && atCommit?.outcomeUnknown == true)
        #expect(try await database.pool.read { try $0.queryOne("SELECT count(*) FROM note") { try $0.next(Int.self) } } == 0)
        await other.shutdown()
        await database.drop()
    }

    @Test("a statement that commits by itself and loses its connection has an unknown outcome; the next one works")
    func lostInWrite() async throws {
        let database = try await TestServer.shared.createDatabase()
        try await database.pool.read { try $0.executeScript("CREATE TABLE note (text text)") }
        let error = await #expect(throws: PostgresError.self) {
            try await database.pool.write { try $0.execute("INSERT INTO note SELECT 'a' FROM pg_terminate_backend(pg_backend_pid())") }
        }
        #expect(error?.isConnectionLost == true && error?.outcomeUnknown == true)
        _ = try await database.pool.write { try $0.execute("INSERT INTO note VALUES ('b')") }
        #expect(try await database.pool.read { try $0.queryOne("SELECT string_agg(text, '') FROM note") { try $0.next(String.self) } } == "b")
        let refused = await #expect(throws: PostgresError.self) { try await database.pool.write { try $0.execute("INSERT INTO nowhere VALUES (1)") } }
        #expect(refused?.kind == .server && refused?.outcomeUnknown == false)
        await database.drop()
    }
}
