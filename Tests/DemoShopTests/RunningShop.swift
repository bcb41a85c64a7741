import Foundation
import Logging
import ServiceLifecycle
import TestSupport

@testable import DemoShop

/// Runs shops on free ports for as long as a test asks them.
enum RunningShop {
    static let basic = ["-u", "ck_a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1:cs_1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a"]

    static func with(
        tls: Bool = true, _ body: @Sendable @escaping (_ shop: DemoShop, _ address: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "demoshop-tls-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var configuration = DemoShopConfiguration()
        if tls { configuration.tls = try await certificate(in: folder) }
        let shop = try DemoShop(configuration: configuration, logger: quiet)
        let services = ServiceGroup(services: [shop], logger: quiet)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(shop, try await shop.address)) } catch { result = .failure(error) }
            await services.triggerGracefulShutdown()
            try await group.waitForAll()
            try result.get()
        }
    }

    static var quiet: Logger {
        var logger = Logger(label: "demoshop.tests")
        logger.logLevel = .critical
        return logger
    }

    private static func certificate(in folder: URL) async throws -> DemoShopConfiguration.TLS {
        let made = try await TestCertificate.make(in: folder)
        return .init(certificatePath: made.certificatePath, keyPath: made.keyPath)
    }
}
