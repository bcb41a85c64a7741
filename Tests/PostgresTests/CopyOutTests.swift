import FoundationEssentials
import Postgres
import Synchronization
import TestSupport
import Testing

private struct WriterIsFull: Error {}

@Suite struct CopyOutTests {
    /// Resident memory of this process in bytes.
    private static func memoryBytes() -> Int {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
        return (pages.flatMap { Int($0) } ?? 0) * 4_096
    }

    @Test("half a million rows stream through with flat memory")
    func flatMemory() async throws {
        let database = try await TestServer.shared.createDatabase()
        let (bytes, chunks, small) = (Tally(), Tally(), Tally())
        let before = Self.memoryBytes()
        let rows = try await database.pool.copyOut(
            "COPY (SELECT n, repeat('x', 1000) FROM generate_series(1, 500000) n) TO STDOUT"
        ) { chunk in
            bytes.add(chunk.count)
            chunks.add()
            if chunk.count < 64 * 1024 { small.add() }
        }
        #expect(rows == 500_000)
        #expect(bytes.value == 500_000 * 1_002 + 2_888_895)
        #expect(small.value <= 1 && chunks.value > 100)
        #expect(Self.memoryBytes() - before < 150_000_000)
        await database.drop()
    }

    @Test("a writer that does not return stops the server")
    func backPressure() async throws {
        let database = try await TestServer.shared.createDatabase()
        let (mayWrite, began, chunks) = (Gate(), Gate(), Tally())
        let copy = Task {
            try await database.pool.copyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT") { _ in
                chunks.add()
                began.open()
                await mayWrite.wait()
            }
        }
        await began.wait()
        let waits: SQL =
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'ClientWrite' AND query LIKE 'COPY%'"
        while try await database.pool.read({ try $0.queryOne(waits) { try $0.next(Int.self) } }) == nil { await Task.yield() }
        #expect(chunks.value == 1)
        mayWrite.open()
        #expect(try await copy.value == 100_000)
        await database.drop()
    }

    @Test("cancelling the task, or a writer that throws, stops the server and frees the connection")
    func cancel() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.connectionsMax = 1 }
        let endless = "COPY (SELECT generate_series(1, 1000000000), repeat('x', 1000)) TO STDOUT"
        let began = Gate()
        let copy = Task { try await pool.copyOut(endless) { _ in began.open() } }
        await began.wait()
        copy.cancel()
        let error = await #expect(throws: PostgresError.self) { try await copy.value }
        #expect(error?.isCancelled == true)
        try await database.pool.waitForNoBackend(running: "COPY%")
        await #expect(throws: WriterIsFull.self) { try await pool.copyOut(endless) { _ in throw WriterIsFull() } }
        try await database.pool.waitForNoBackend(running: "COPY%")
        #expect(try await pool.read { try $0.execute("SELECT 1") } == 1)
        #expect(pool.statistics.connectedTotal == 1)
        await pool.shutdown()
        await database.drop()
    }

    @Test("a writer that throws while the next rows are long in coming waits for none of them")
    func slowRows() async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
        let slow = "COPY (SELECT repeat('x', 100000) FROM generate_series(1, 3) UNION ALL SELECT pg_sleep(600)::text) TO STDOUT"
        let began = ContinuousClock.now
        await #expect(throws: WriterIsFull.self) { try await database.pool.copyOut(slow) { _ in throw WriterIsFull() } }
        #expect(ContinuousClock.now - began < .seconds(300))
        #expect(try await database.pool.read { try $0.execute("SELECT 1") } == 1)
        await database.drop()
    }

    @Test("a cancel while the last rows are being written is told, and the connection lives on")
    func lateCancel() async throws {
        let database = try await TestServer.shared.createDatabase()
        let pool = database.makePool { $0.connectionsMax = 1 }
        let (began, mayEnd) = (Gate(), Gate())
        let copy = Task {
            try await pool.copyOut("COPY (SELECT 1) TO STDOUT") { _ in
                began.open()
                await mayEnd.wait()
            }
        }
        await began.wait()
        // The read of what comes after the last rows has long ended by then.
        for _ in 0..<100 { _ = try await database.pool.read { try $0.execute("SELECT 1") } }
        copy.cancel()
        mayEnd.open()
        let error = await #expect(throws: PostgresError.self) { try await copy.value }
        #expect(error?.isCancelled == true)
        #expect(try await pool.read { try $0.execute("SELECT 1") } == 1)
        #expect(pool.statistics.connectedTotal == 1)
        await pool.shutdown()
        await database.drop()
    }

    @Test("a COPY that fails, at once or later, says why; what is no COPY is refused; the connection lives on")
    func failures() async throws {
        let database = try await TestServer.shared.createDatabase(connectionsMax: 1)
        let later = "COPY (SELECT 1 / (200000 - n) FROM generate_series(1, 300000) n) TO STDOUT"
        let error = await #expect(throws: PostgresError.self) { try await database.pool.copyOut(later) { _ in } }
        #expect(error?.sqlState == "22012")
        let missing = await #expect(throws: PostgresError.self) { try await database.pool.copyOut("COPY nothing TO STDOUT") { _ in } }
        #expect(missing?.sqlState == "42P01")
        for wrong in ["SELECT 1", "COPY pg_class FROM STDIN"] {
            await #expect(throws: PostgresError.self) { try await database.pool.copyOut(wrong) { _ in } }
        }
        #expect(try await database.pool.copyOut("COPY (SELECT 1 WHERE false) TO STDOUT") { _ in } == 0)
        #expect(try await database.pool.read { try $0.execute("SELECT 1") } == 1)
        await database.drop()
    }
}
