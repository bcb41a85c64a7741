import Testing

/// One after the other: each keeps several connections busy.
@Suite("A wrong ledger is noticed", .serialized)
struct MutantTests {
    /// Rounds of the parallel test before a mutant of the locking counts as unnoticed.
    static let roundsMax = 6
    /// Histories before a mutant of the rules counts as unnoticed.
    static let historiesMax = 600

    @Test("by several daemons at once", arguments: Mutant.ofLocking)
    func locking(_ mutant: Mutant) async throws {
        for round in 0..<Self.roundsMax {
            let violations = try await ParallelLedger.violations(pooling: !round.isMultiple(of: 2), stepsPerWorker: 25, seed: UInt64(round)) {
                try await mutant.apply(to: $0)
            }
            if !violations.isEmpty { return }
        }
        Issue.record("nobody noticed: \(mutant)")
    }

    @Test("by the histories", arguments: Mutant.ofRules)
    func rules(_ mutant: Mutant) async throws {
        let theatre = try await HistoryTheatre.open()
        try await mutant.apply(to: theatre.test)
        let first = try await theatre.firstMismatch(HistorySettings(seed: 1, count: Self.historiesMax))
        await theatre.test.database.drop()
        #expect(first != nil, "nobody noticed: \(mutant)")
    }
}
