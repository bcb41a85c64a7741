import Logging
import Postgres
import ServiceLifecycle
import Store

/// Starts the embedded PostgreSQL again when it ends by itself: killed, out of memory, or out of disk. The log hears once that it does not
/// start, and once that it does again.
struct EmbeddedGuard: Service {
    let server: EmbeddedServer
    let faults: FaultLog
    let logger: Logger

    /// Between two attempts, in seconds, up to the last.
    private static let pauses = [1, 2, 5]

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
                return logger.notice("the embedded PostgreSQL runs again")
            } catch {
                if !faults.met(error), attempt == 0 { logger.error("the embedded PostgreSQL does not start", metadata: ["error": "\(error)"]) }
                try await Task.sleep(for: .seconds(EmbeddedGuard.pauses[min(attempt, EmbeddedGuard.pauses.count - 1)]))
            }
        }
    }
}
