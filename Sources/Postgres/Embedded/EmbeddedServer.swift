import CPostgres
import Dispatch
import Logging
import Synchronization

/// A private PostgreSQL in a folder: made at the first start, reachable over a Unix socket that only we may open, durable.
///
/// The server is a child in a process group of its own, so Ctrl-C reaches us first; when we are killed the kernel tells it to shut down.
/// What survived an earlier life in the same folder is stopped before a start. One process at a time may use the folder: a second one
/// is refused with an error that names the folder and the owner.
public final class EmbeddedServer: Sendable {
    let configuration: EmbeddedServerConfiguration
    private let logger: Logger
    private let queue: DispatchQueue
    private let life = Mutex(Life())

    private struct Life {
        var running: Running?
        var isStopping = false
    }

    /// Connects to nothing and starts nothing yet.
    public init(_ configuration: EmbeddedServerConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
        queue = DispatchQueue(label: "postgres.embedded")
    }

    /// Starts the server and returns when it accepts connections; does nothing when it runs. Also starts it again after it died.
    public func start() async throws {
        try await onQueue { server in
            if let running = server.current, running.child.exitCode == nil { return }
            let running = try Running.start(server.configuration, lock: server.current?.lock, logger: server.logger)
            server.life.withLock { $0 = Life(running: running) }
        }
    }

    /// A fast shutdown, then an immediate one; returns when the server is gone and the folder is free. Does nothing when it is not running.
    public func stop() async {
        life.withLock { $0.isStopping = true }
        try? await onQueue { server in
            server.current?.stop(server.configuration, logger: server.logger)
            server.life.withLock { $0.running = nil }
        }
    }

    /// For the pool; nil before the first start and after a stop. Holds no secret.
    public var connectionString: String? {
        current?.connectionString(databaseName: configuration.databaseName)
    }

    /// The server's main process, for tests that kill it; nil when it is not running.
    public var processID: Int32? {
        guard let child = current?.child, child.exitCode == nil else { return nil }
        return child.pid
    }

    /// Waits until the server that runs now has ended and says how; at once when none runs. A daemon calls `start` again unless
    /// `wasRequested`. Ends early, with nil, when the task is cancelled.
    public func serverExited() async -> ServerExit? {
        guard let child = current?.child else { return ServerExit(code: 0, wasRequested: true) }
        let (stream, continuation) = AsyncStream.makeStream(of: Int32.self, bufferingPolicy: .bufferingNewest(1))
        child.whenEnded { code in
            continuation.yield(code)
            continuation.finish()
        }
        for await code in stream {
            return ServerExit(code: code, wasRequested: life.withLock { $0.isStopping })
        }
        return nil
    }

    private var current: Running? { life.withLock { $0.running } }

    private func onQueue(_ step: @escaping @Sendable (EmbeddedServer) throws -> Void) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try step(self) }) }
        }
    }
}

/// How an embedded server ended.
public struct ServerExit: Sendable, Equatable {
    /// The exit status, or minus the number of the signal.
    public let code: Int32
    /// True when `stop` was called.
    public let wasRequested: Bool

    public init(code: Int32, wasRequested: Bool) {
        self.code = code
        self.wasRequested = wasRequested
    }
}
