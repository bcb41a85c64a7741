extension Pool {
    /// Runs the body as one transaction on a connection's own queue, BEGIN to COMMIT, and rolls back when it throws.
    ///
    /// The whole body is run again, up to `retriesMax` times, when PostgreSQL says 40001 or 40P01, so it must have no effect outside the
    /// database. (It is also run again when a prepared statement went stale under it after a change of the schema.) An error with
    /// `outcomeUnknown` means that the connection was lost during COMMIT. Cancelling the task cancels the running statement and throws
    /// `.cancelled`; once COMMIT is on its way the work is finished instead.
    public func transaction<T: Sendable>(
        readOnly: Bool = false, isolation: Isolation = .readCommitted, _ body: @escaping @Sendable (Connection) throws -> T
    ) async throws -> T {
        let begin = isolation.begin(readOnly: readOnly, snapshot: configuration.snapshot)
        return try await retrying { seat, job in try seat.transaction(job, begin: begin, body) }
    }

    /// Runs the body without BEGIN: for one statement that writes, committed when it returns, in a single round trip.
    ///
    /// It is run again as a transaction is. An error with `outcomeUnknown` means that the connection was lost while the statement ran.
    public func write<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        guard configuration.snapshot == nil else { return try await transaction(body) } // which the server refuses to write in
        return try await retrying { seat, job in try seat.write(job, body) }
    }

    /// Runs the body without BEGIN: for one statement that only reads. Each statement is a transaction of its own.
    public func read<T: Sendable>(_ body: @escaping @Sendable (Connection) throws -> T) async throws -> T {
        guard configuration.snapshot == nil else { return try await transaction(readOnly: true, body) }
        return try await perform { seat, job in try seat.run(job, body) }
    }

    private func retrying<T: Sendable>(_ work: @escaping @Sendable (Seat, Job) throws -> T) async throws -> T {
        var retries = 0
        while true {
            do {
                return try await perform(work)
            } catch let error as PostgresError where error.mayRunAgain && retries < configuration.retriesMax {
                retries += 1
                counters.update { $0.retriedTotal += 1 }
                try await pauseBeforeRetry(retries)
            }
        }
    }

    /// A few milliseconds, doubled each time and drawn at random so that those who collided do not collide again.
    private func pauseBeforeRetry(_ retries: Int) async throws {
        let seconds = min(configuration.retryPauseSecondsMax, 0.002 * Double(1 << min(retries, 16)))
        do {
            try await Task.sleep(for: .seconds(Double.random(in: 0...seconds)))
        } catch {
            throw PostgresError(.cancelled)
        }
    }

    /// One hop to the queue of a place and one back; the place is handed on before the task wakes up.
    private func perform<T: Sendable>(_ work: @escaping @Sendable (Seat, Job) throws -> T) async throws -> T {
        let job = Job()
        let id = register(job)
        defer { unregister(id) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                submit(job, id: id) { seat in
                    let result = Result { try work(seat, job) }
                    self.release(seat)
                    continuation.resume(with: result)
                } fail: { error in
                    continuation.resume(throwing: error)
                }
            }
        } onCancel: {
            counters.update { $0.cancelledTotal += 1 }
            job.cancel()
            abandon(id)
        }
    }
}

extension PostgresError {
    fileprivate var mayRunAgain: Bool { isSerializationFailure || (isStaleStatement && kind == .server) }
}
