import Domain
import Foundation
import Testing

@Suite struct SpendingTests {
    private func lot(_ id: Int64, _ remaining: Int64, expires: Double?, created: Double = 0) -> BurnOrder.Lot {
        BurnOrder.Lot(
            grant: GrantID(id), remaining: remaining, expiresAt: expires.map(Date.init(timeIntervalSince1970:)),
            createdAt: Date(timeIntervalSince1970: created))
    }

    private func take(_ quantity: Int64, _ lots: [BurnOrder.Lot], now: Double = 100) -> [[Int64]]? {
        BurnOrder.take(quantity, from: lots, now: Date(timeIntervalSince1970: now))?.map { [$0.grant.rawValue, $0.quantity] }
    }

    @Test("what expires first is spent first, then the oldest, then the lowest id; what never expires comes last")
    func order() {
        let lots = [
            lot(1, 1, expires: nil), lot(4, 1, expires: 300), lot(3, 1, expires: 300), lot(2, 1, expires: 200, created: 9),
            lot(5, 1, expires: 200, created: 8),
        ]
        #expect(take(5, lots) == [[5, 1], [2, 1], [3, 1], [4, 1], [1, 1]])
    }

    @Test("an expired grant is not spent, from its very instant on")
    func expired() {
        #expect(take(1, [lot(1, 5, expires: 100)]) == nil)
        #expect(take(1, [lot(1, 5, expires: 100.001)]) == [[1, 1]])
    }

    @Test("one usage may span grants, and what does not suffice takes nothing")
    func spanning() {
        let lots = [lot(1, 2, expires: 200), lot(2, 3, expires: nil), lot(3, 0, expires: 150)]
        #expect(take(4, lots) == [[1, 2], [2, 2]])
        #expect(take(6, lots) == nil && take(0, lots) == [])
    }

    private func part(
        _ id: Int64, _ granted: Int64, taken: Int64 = 0, used: Int64 = 0, expired: Int64 = 0, revoked: Int64 = 0
    ) -> EntitlementShare.Part {
        EntitlementShare.Part(grant: GrantID(id), granted: granted, taken: taken, moved: taken, used: used, expired: expired, revoked: revoked)
    }

    private func split(_ entitled: Int64, _ parts: [EntitlementShare.Part]) -> [Int64] {
        let shares = EntitlementShare.split(entitled, over: parts)
        return parts.map { shares[$0.grant] ?? -1 }
    }

    @Test("a line's entitlement covers what was used on any ticket before what is unused on another")
    func sharing() {
        #expect(split(3, [part(1, 5, taken: 2), part(2, 2, used: 2)]) == [1, 2])
        #expect(split(1, [part(1, 5, taken: 2, used: 1), part(2, 2, used: 2)]) == [1, 0])
        #expect(split(3, [part(1, 5, taken: 2, expired: 3), part(2, 2, used: 2)]) == [1, 2])
        #expect(split(9, [part(1, 5)]) == [5] && split(0, [part(1, 5, used: 1)]) == [0])
    }

    @Test("credits moved out of a partly refunded grant stay where they were moved")
    func movedCredits() {
        #expect(split(3, [part(1, 5, taken: 2, revoked: 2), part(2, 2)]) == [1, 2])
        #expect(split(4, [part(1, 5, taken: 2, revoked: 2), part(2, 2)]) == [2, 2])
    }

    @Test("revocation takes what is unused and no more; what was used beyond the entitlement is the shortfall")
    func clamp() {
        let grant = part(1, 5, taken: 1, used: 2, expired: 1)
        #expect(grant.revoked(entitled: 5) == 0 && grant.revoked(entitled: 3) == 1 && grant.revoked(entitled: 0) == 1)
        #expect(grant.shortfall(entitled: 0) == 2 && grant.shortfall(entitled: 3) == 0)
    }
}
