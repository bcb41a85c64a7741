import Dispatch
import Foundation
import Postgres
import Store
import TestSupport

/// Keeps one connection of a pool busy, or a row locked in it, until told to let go.
final class Held: Sendable {
    private let pool: Pool
    private let door = DispatchSemaphore(value: 0)
    private let (arrivals, arrived) = AsyncStream.makeStream(of: Void.self)
    private let (departures, departed) = AsyncStream.makeStream(of: Void.self)

    init(_ pool: Pool) { self.pool = pool }

    func store(clock: TestClock) -> Store { Store(pool: pool, logger: TestServer.logger) { clock.now } }

    /// Returns once the connection is taken and `statement` was run in its open transaction.
    func hold(_ statement: String = "SELECT 1") async throws {
        Task {
            try? await pool.transaction { [door, arrived] connection in
                try connection.executeScript(statement)
                arrived.finish()
                door.wait()
            }
            departed.finish()
        }
        for await _ in arrivals {}
    }

    /// Returns once the connection is free again.
    func release() async {
        door.signal()
        for await _ in departures {}
    }
}
