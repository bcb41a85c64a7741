import Logging
import ServiceLifecycle

/// Where the server listens, for whoever has to wait until it does.
actor AddressBox {
    private var address: String?
    private var waiting: [UInt64: CheckedContinuation<String?, Never>] = [:]
    private var count: UInt64 = 0

    func set(_ found: String) {
        address = found
        for continuation in waiting.values { continuation.resume(returning: found) }
        waiting = [:]
    }

    /// Nil when the task is cancelled before the server listens.
    func get() async -> String? {
        if let address { return address }
        count += 1
        let id = count
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { continuation.resume(returning: nil) } else { waiting[id] = continuation }
            }
        } onCancel: {
            Task { await self.abandon(id) }
        }
    }

    private func abandon(_ id: UInt64) { waiting.removeValue(forKey: id)?.resume(returning: nil) }
}

/// Services that need to know where the server listens.
struct LateServices: Service {
    let address: AddressBox
    let make: @Sendable (String) async throws -> [any Service]
    let logger: Logger

    func run() async throws {
        guard let found = await cancelWhenGracefulShutdown({ await address.get() }) else { return }
        let services = try await make(found)
        guard !services.isEmpty else {
            try? await gracefulShutdown()
            return
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in services { group.addTask { try await service.run() } }
            try await group.waitForAll()
        }
    }
}
