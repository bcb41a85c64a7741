import Foundation
import Logging
import Reports
import ServiceLifecycle
import Store
import Synchronization

/// Writes months that are over, and those whose books were closed or opened again, into a folder for as long as the daemon runs. Any number of
/// daemons may: each month is taken by one, and by another when that one dies.
final class MonthExportService: Service {
    /// In seconds.
    struct Pace: Sendable {
        /// How often it looks for what is due.
        var look = 30.0
        /// How long a month is one daemon's without being renewed.
        var lease = 30.0
        /// The first pause after a failure; each further one is twice as long.
        var failureMin = 60.0
        var failureMax = 3_600.0
    }

    private let store: Store
    private let folder: String
    private let pace: Pace
    private let owner: String
    private let logger: Logger
    /// Why it failed last, as the log was told; nil when it did not.
    private let told = Mutex<String?>(nil)

    /// - Parameter owner: names this process among all that run beside the database; another one each time it starts.
    init(store: Store, folder: String, pace: Pace = Pace(), owner: String = UUID().uuidString, logger: Logger) {
        (self.store, self.folder, self.pace, self.logger) = (store, folder, pace, logger)
        self.owner = "daemon-\(owner)"
    }

    /// Runs until the service group shuts down or the task is cancelled.
    func run() async throws {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown { [self] in
            await withDiscardingTaskGroup { group in
                group.addTask { for await _ in self.store.pool.listen([Store.monthChannel]) { wake.yield() } }
                group.addTask { repeat { wake.yield() } while (try? await Task.sleep(for: .seconds(self.pace.look))) != nil }
                for await _ in wakes { await exportWhatIsDue() }
                group.cancelAll()
            }
        }
    }

    private func exportWhatIsDue() async {
        do {
            while try await exportNext() {}
        } catch {
            if Task.isCancelled { return }
            if !store.faults.met(error) { logger.error("no month can be exported", metadata: ["error": "\(error)"]) }
        }
    }

    /// Takes and writes the oldest month that is due; false when there is none.
    private func exportNext() async throws -> Bool {
        guard let claim = try await store.takeMonthExport(owner: owner, seconds: pace.lease) else { return false }
        do {
            guard let shop = try await store.shop(claim.shop) else { return false }
            guard let made = try await write(MonthExport(store, shop: shop, claim: claim), claim) else { return true }
            try await store.finishMonthExport(claim, folder: made.folder, manifest: made.manifestSHA256)
            tell(made, claim)
        } catch {
            if Task.isCancelled || StoreFault(error) != nil {
                await letGo(claim)
                throw error
            }
            try await fail(claim, error)
        }
        return true
    }

    /// Under the lease, which is renewed beside it. Nil when it went to somebody else.
    private func write(_ export: MonthExport, _ claim: MonthExportClaim) async throws -> MonthExport.Made? {
        let (store, folder, pace) = (store, folder, pace)
        return try await withThrowingTaskGroup(of: MonthExport.Made?.self) { group in
            group.addTask { try await export.write(into: folder) { try await store.renewMonthExport(claim, seconds: pace.lease) } }
            group.addTask {
                repeat { try await Task.sleep(for: .seconds(pace.lease / 3)) } while try await store.renewMonthExport(claim, seconds: pace.lease)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private func tell(_ made: MonthExport.Made, _ claim: MonthExportClaim) {
        told.withLock { $0 = nil }
        let about: Logger.Metadata = ["folder": "\(made.path)", "books": "\(claim.books.state.rawValue)", "files": "\(made.fileCount)"]
        if made.addsUp { return logger.notice("a month was exported", metadata: about) }
        logger.error("a month was exported, and its reports do not add up: `supportmeter verify` names the row", metadata: about)
    }

    /// One line for each reason, however many months it keeps from being written.
    private func fail(_ claim: MonthExportClaim, _ error: any Error) async throws {
        let reason = "\(error)"
        let pause = min(pace.failureMax, pace.failureMin * Double(1 << min(claim.failures, 20)))
        try await store.failMonthExport(claim, reason, nextTryAt: store.clock().addingTimeInterval(pause))
        let place = (error as? ExportFault)?.reason ?? reason
        let isNews = told.withLock { told in
            defer { told = place }
            return told != place
        }
        guard isNews else { return }
        logger.error(
            "a month could not be exported; it is tried again", metadata: ["month": "\(claim.month.description.prefix(7))", "error": "\(reason)", "seconds": "\(Int(pause))"])
    }

    /// Whoever starts next need not wait for the lease's end. Detached, because this task may be cancelled already.
    private func letGo(_ claim: MonthExportClaim) async {
        let store = store
        await Task.detached { try? await store.returnMonthExport(claim) }.value
    }
}
