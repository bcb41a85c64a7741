import Dispatch
import Logging

/// One place of the pool: a serial queue and the connection that lives on it.
///
/// `@unchecked Sendable`: `connection` is touched only by blocks on `queue`, one at a time.
final class Seat: @unchecked Sendable {
    let queue: DispatchQueue
    private(set) var connection: Connection?
    private let configuration: PoolConfiguration
    private let logger: Logger
    private let counters: PoolCounters

    init(index: Int, _ configuration: PoolConfiguration, counters: PoolCounters, logger: Logger) {
        queue = DispatchQueue(label: "postgres.seat.\(index)")
        self.configuration = configuration
        self.counters = counters
        self.logger = logger
    }

    /// Runs work on a connection that is alive, and leaves it outside any transaction or closed.
    func run<T>(_ job: Job, _ work: (Connection) throws -> T) throws -> T {
        defer { leave(job) }
        return try work(try enter(job))
    }

    /// A transaction. When the connection turns out dead at BEGIN, nothing has been executed yet: it connects and tries once more.
    func transaction<T>(_ job: Job, begin: String, _ body: (Connection) throws -> T) throws -> T {
        defer { leave(job) }
        var connection = try enter(job)
        do {
            _ = try connection.simple(begin)
        } catch let error as PostgresError where error.isConnectionLost {
            close()
            connection = try enter(job)
            _ = try connection.simple(begin)
        }
        return try connection.finishTransaction(job, body)
    }

    /// A statement that commits by itself: when the connection is lost under it, nobody knows whether it did.
    func write<T>(_ job: Job, _ body: (Connection) throws -> T) throws -> T {
        defer { leave(job) }
        let connection = try enter(job)
        do {
            return try body(connection)
        } catch var error as PostgresError where connection.isLost {
            error.kind = .connection
            error.outcomeUnknown = true
            throw error
        }
    }

    /// The connection, opened when there is none or the one there is has died while it was idle.
    func enter(_ job: Job) throws -> Connection {
        if let connection, !connection.isAlive { close() }
        let connection = try self.connection ?? open()
        connection.job = job
        connection.lastFailure = nil
        try job.start(connection.cancelHandle)
        try connection.forgetStaleStatements()
        return connection
    }

    func leave(_ job: Job) {
        job.settle()
        guard let connection else { return }
        connection.job = nil
        if connection.isOutsideTransaction { return }
        if connection.isLost || (try? connection.simple("ROLLBACK")) == nil || !connection.isOutsideTransaction { close() }
    }

    /// Hops to the queue and back, for work that keeps the place over several steps.
    func onQueue<T: Sendable>(_ step: @escaping @Sendable (Seat) throws -> T) async throws -> T {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try step(self) }) }
        }
    }

    private func open() throws -> Connection {
        do {
            let opened = try Connection.open(configuration, logger: logger)
            counters.update {
                $0.open += 1
                $0.connectedTotal += 1
            }
            connection = opened
            return opened
        } catch {
            counters.update { $0.connectFailedTotal += 1 }
            throw error
        }
    }

    func close() {
        guard let connection else { return }
        let wasLost = connection.isLost
        counters.update {
            $0.open -= 1
            $0.connectionsLostTotal += wasLost ? 1 : 0
        }
        self.connection = nil
    }
}
