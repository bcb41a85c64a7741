import Testing

@Suite("Several daemons on the same few tickets")
struct ParallelTests {
    @Test("nothing is overspent, lost or counted twice, and nobody sees a deadlock", arguments: [true, false])
    func together(pooling: Bool) async throws {
        let violations = try await ParallelLedger.violations(pooling: pooling)
        #expect(violations.isEmpty)
    }
}
