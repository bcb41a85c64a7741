import ServiceLifecycle
import TestSupport

/// Runs a service beside the body, and ends it in order.
func serving(_ service: any Service, _ body: () async throws -> Void) async throws {
    let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: TestServer.logger))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        do {
            try await body()
        } catch {
            await group.triggerGracefulShutdown()
            throw error
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}
