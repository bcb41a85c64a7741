import Foundation
import Logging
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing

@testable import supportmeter

@Suite("upkeep runs beside everything else")
struct UpkeepServiceTests {
    @Test("what is due is done without anybody asking, until the program ends")
    func runs() async throws {
        try await LedgerFixture.with { fixture in
            let customer = try await fixture.addCustomer()
            for _ in 0..<3 {
                let ticket = try await fixture.addTicket(customer)
                try await fixture.entitle(ticket, order: ticket.rawValue, credits: 2, expires: fixture.clock.now.addingTimeInterval(60))
            }
            fixture.clock.advance(seconds: 3_600)
            let service = UpkeepService(store: fixture.store, logger: TestServer.logger)
            let group = ServiceGroup(configuration: .init(services: [.init(service: service)], logger: TestServer.logger))
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await group.run() }
                while service.figures["settle"] != 3 { await Task.yield() }
                await group.triggerGracefulShutdown()
                try await tasks.waitForAll()
            }
            let expired: Int = try await fixture.one("SELECT count(*) FROM entry WHERE kind = 'expiry'")
            #expect(expired == 3)
        }
    }

    @Test("a chore that cannot be done is told once, and done when it can be again", .timeLimit(.minutes(2)))
    func goesOn() async throws {
        try await LedgerFixture.with { fixture in
            let lines = LogLines()
            var logger = Logger(label: "upkeep") { _ in lines }
            logger.logLevel = .info
            var intervals = UpkeepService.Intervals()
            (intervals.settle, intervals.notices, intervals.retention, intervals.failurePauseMax) = (0.01, 3_600, 3_600, 0.02)
            let service = UpkeepService(store: fixture.store, intervals: intervals, logger: logger)
            try await fixture.run("ALTER FUNCTION settle_due RENAME TO settle_due_away")
            let task = Task { try await service.run() }
            while lines.count("a chore could not be done") < 1 { await Task.yield() }
            #expect(service.figures["settle"] == nil)
            try await fixture.run("ALTER FUNCTION settle_due_away RENAME TO settle_due")
            while service.figures["settle"] == nil { await Task.yield() }
            task.cancel()
            try await task.value
            #expect(lines.count("a chore could not be done") == 1)
        }
    }
}

/// Keeps what is logged.
private final class LogLines: LogHandler, Sendable {
    private let messages = Mutex<[String]>([])

    func count(_ message: String) -> Int { messages.withLock { $0.count { $0 == message } } }

    func log(event: LogEvent) { messages.withLock { $0.append("\(event.message)") } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .info }
        set {}
    }
}
