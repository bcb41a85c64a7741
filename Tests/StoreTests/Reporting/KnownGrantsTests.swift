import Testing

@testable import Store

@Suite("grants that an export has seen")
struct KnownGrantsTests {
    @Test("each is found by its id alone, until one as young takes its place; what was never seen is not known")
    func places() {
        var grants = KnownGrants()
        #expect(grants[1] == nil)
        func grant(_ id: Int64) -> KnownGrant { KnownGrant(id: id, currency: 0, order: id * 10, line: nil) }
        for id in 1...200_000 { grants.keep(grant(Int64(id))) }
        #expect(grants[200_000]?.order == 2_000_000 && grants[150_000]?.id == 150_000)
        // The oldest ones had to go, and nobody gets another's.
        #expect(grants[1] == nil && grants[200_001] == nil && grants[0] == nil && grants[-1] == nil)
        #expect((Int64(1)...200_000).allSatisfy { grants[$0] == nil || grants[$0]?.id == $0 })
    }
}
