extension Pool {
    /// Connections that read at one moment; one more holds it.
    private static let momentConnectionsMax = 2
    /// Moments that are held at a time, and who may wait for one: readers may be slow, and the server's connections are not without end.
    static let momentsMax = 3
    static let momentWaitersMax = 32
    static let momentWaitSecondsMax = 60.0

    /// Whether all that it reads is of one moment, and nothing can be written through it.
    public var isOfOneMoment: Bool { configuration.snapshot != nil }

    /// Gives the body a pool that sees the database as it is now, however long the body takes: all its reads, on whatever connection, have the same
    /// snapshot (`pg_export_snapshot`, manual 9.27.5). Nothing can be written through it: the server refuses that.
    ///
    /// The pool has connections of its own, so that who works meanwhile waits for none of them, and ends with the body; it must not be used afterwards.
    /// As long as the body runs the server keeps what others delete, as it does for a long COPY. Few moments are held at a time, others wait, for a while. Throws what the body throws, or why there was no
    /// connection, or that the server ended the transaction that holds the moment: then what was read is worth nothing.
    public func atOneMoment<T: Sendable>(_ body: (Pool) async throws -> T) async throws -> T {
        try await moments.take { try await holdingMoment(body) }
    }

    private func holdingMoment<T: Sendable>(_ body: (Pool) async throws -> T) async throws -> T {
        let holder = Seat(index: 0, configuration, counters: counters, logger: logger)
        let snapshot = try await holder.onQueue { try $0.exportSnapshot() }
        var configuration = configuration
        (configuration.snapshot, configuration.connectionsMax) = (snapshot, Pool.momentConnectionsMax)
        let moment = Pool(configuration, logger: logger)
        let result: Result<T, any Error>
        do { result = .success(try await body(moment)) } catch { result = .failure(error) }
        await moment.shutdown()
        let end: Result<Void, any Error> = try await holder.onQueue { $0.endSnapshot() }
        return try result.flatMap { value in end.map { value } }.get()
    }
}

extension Seat {
    /// Begins the transaction that holds a snapshot, and names that. It ends with the connection.
    fileprivate func exportSnapshot() throws -> String {
        let connection = try enter(Job())
        try connection.executeScript(Isolation.repeatableRead.begin(readOnly: true) + "; SET LOCAL idle_in_transaction_session_timeout TO 0")
        guard let snapshot = try connection.queryOne("SELECT pg_export_snapshot()", { try $0.next(String.self) }) else {
            throw PostgresError(.protocol, "no snapshot was exported")
        }
        return snapshot
    }

    /// Fails when the transaction had ended before.
    fileprivate func endSnapshot() -> Result<Void, any Error> {
        defer { close() }
        return Result {
            guard let connection, !connection.isOutsideTransaction else { throw PostgresError(.connection) }
            _ = try connection.simple("COMMIT")
        }
    }
}
