import Postgres
import Synchronization

/// A door that tests wait at until it is opened; nothing sleeps.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    }

    func open() {
        continuation.finish()
    }

    func wait() async {
        for await _ in stream {}
    }
}

/// A number that many threads change.
final class Tally: Sendable {
    private let number = Mutex(0)

    var value: Int { number.withLock { $0 } }

    @discardableResult
    func add(_ count: Int = 1) -> Int {
        number.withLock { number in
            number += count
            return number
        }
    }
}

extension Pool {
    /// Returns when that many backends of this database run a statement like this one; asks the server, again and again.
    func waitForBackends(running pattern: String, count: Int = 1) async throws {
        let sql: SQL = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE \(pattern)
            """
        while try await read({ try $0.queryOne(sql) { try $0.next(Int.self) } }) ?? 0 < count { await Task.yield() }
    }

    /// Returns when a backend of this database sleeps in `pg_sleep`; a statement's text is shown before it runs, while it is being parsed.
    func waitForSleeper() async throws {
        let sql: SQL = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"
        while try await read({ try $0.queryOne(sql) { try $0.next(Int.self) } }) == 0 { await Task.yield() }
    }

    /// Returns when nobody runs such a statement any more.
    func waitForNoBackend(running pattern: String) async throws {
        let sql: SQL = """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE \(pattern)
            """
        while try await read({ try $0.queryOne(sql) { try $0.next(Int.self) } }) ?? 0 > 0 { await Task.yield() }
    }
}
