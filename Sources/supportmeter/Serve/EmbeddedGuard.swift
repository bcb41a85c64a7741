import Logging
import Postgres
import ServiceLifecycle

/// Starts the embedded PostgreSQL again when it ends by itself: killed, out of memory, or out of disk.
struct EmbeddedGuard: Service {
    let server: EmbeddedServer
    let logger: Logger

    /// Between two attempts, in seconds: doubled each time up to the last.
    private static let pauses = [1, 2, 5, 10]

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while let exit = await server.serverExited(), !exit.wasRequested, !Task.isCancelled {
                logger.error("the embedded PostgreSQL ended by itself", metadata: ["code": "\(exit.code)"])
                try await restart()
            }
            try await gracefulShutdown()
        }
    }

    private func restart() async throws {
        for attempt in 0... {
            do {
                try await server.start()
                return logger.info("the embedded PostgreSQL runs again")
            } catch {
                logger.error("the embedded PostgreSQL does not start", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .seconds(EmbeddedGuard.pauses[min(attempt, EmbeddedGuard.pauses.count - 1)]))
            }
        }
    }
}
