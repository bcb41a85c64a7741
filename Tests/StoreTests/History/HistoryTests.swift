import Foundation
import TestSupport
import Testing

/// The ledger held against its oracle (`Domain.LedgerModel`) over random lives of a customer.
@Suite struct HistoryTests {
    @Test("over random histories the ledger answers as the oracle does, step by step, and adds up at the end")
    func histories() async throws {
        let settings = HistorySettings()
        let theatre = try await HistoryTheatre.open()
        let began = Date()
        let (failures, played) = try await theatre.play(settings)
        let seconds = Date().timeIntervalSince(began)
        for failure in failures { Issue.record("\(failure)") }
        if failures.isEmpty {
            #expect(try await theatre.test.store.verify().problem == nil)
            #expect(try await theatre.firstNegative() == nil)
        }
        HistoryTests.tell("\(played) histories from seed \(settings.seed) in \(Int(seconds)) s, \(Int(Double(played) / max(seconds, 0.001))) a second")
        await theatre.test.database.drop()
    }

    /// Each found by a run of tens of thousands: what a lapse is worth when it is recorded late, and in which order what fell due is written.
    @Test("histories that the ledger once got wrong", arguments: [20_779_003_495, 20_779_004_382, 20_779_004_844, 20_779_011_667] as [UInt64])
    func onceWrong(seed: UInt64) async throws {
        let theatre = try await HistoryTheatre.open()
        for failure in try await theatre.play(HistorySettings(seed: seed, count: 1)).failures { Issue.record("\(failure)") }
        await theatre.test.database.drop()
    }

    /// A line on stderr: the figure that the README quotes.
    private static func tell(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}
