extension Pool {
    /// Streams `COPY ... TO STDOUT` in chunks of at least so many bytes (the last one may be smaller) and returns the number of rows.
    ///
    /// Takes no parameters (PostgreSQL has none for COPY): put values in with `SQL.quoteLiteral`. While `write` has a chunk the next one is read, and no
    /// further one before it has returned, so a slow reader slows the server down and memory stays flat. Runs in a read-only snapshot, free of
    /// `statementSecondsMax`, and keeps one connection until it ends. When `write` throws or the task is cancelled the server is told to
    /// stop at once; throws what `write` threw, `.cancelled`, or the server's refusal.
    @discardableResult
    public func copyOut(
        _ statement: String, chunkBytesMin: Int = 64 * 1024, _ write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        let job = Job()
        let id = register(job)
        defer { unregister(id) }
        return try await withTaskCancellationHandler {
            let seat = try await acquire(job, id: id)
            do {
                let rows = try await stream(statement, chunkBytesMin, seat, job, write)
                await giveBack(seat, job)
                return rows
            } catch {
                job.cancel()
                await giveBack(seat, job)
                throw error
            }
        } onCancel: {
            counters.update { $0.cancelledTotal += 1 }
            job.cancel()
            abandon(id)
        }
    }

    private func acquire(_ job: Job, id: UInt64) async throws -> Seat {
        try await withCheckedThrowingContinuation { continuation in
            submit(job, id: id) {
                continuation.resume(returning: $0)
            } fail: {
                continuation.resume(throwing: $0)
            }
        }
    }

    private func stream(
        _ statement: String, _ chunkBytesMin: Int, _ seat: Seat, _ job: Job, _ write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        try await seat.onQueue { try $0.startCopy(job, statement) }
        @Sendable func read() async throws -> [UInt8]? { try await seat.onQueue { try $0.current().nextCopyChunk(statement, chunkBytesMin) } }
        var next = try await read()
        while let chunk = next {
            async let following = read()
            do { try await write(chunk) } catch {
                job.cancel()                        // or the server would first send what nobody wants any more
                throw error
            }
            next = try await following
        }
        try job.checkpoint()
        return try await seat.onQueue { try $0.current().finishCopy(job, statement) }
    }

    private func giveBack(_ seat: Seat, _ job: Job) async {
        try? await seat.onQueue { seat in
            seat.abandonCopy()
            seat.leave(job)
        }
        release(seat)
    }
}

extension Seat {
    fileprivate func startCopy(_ job: Job, _ statement: String) throws {
        try enter(job).startCopy(statement)
    }

    fileprivate func current() throws -> Connection {
        guard let connection else { throw PostgresError(.connection) }
        return connection
    }

    fileprivate func abandonCopy() {
        connection?.drainCopy()
    }
}
