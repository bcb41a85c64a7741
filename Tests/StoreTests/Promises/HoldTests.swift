import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("Hold, capture, release")
struct HoldTests {
    @Test("of 50 parallel captures and releases exactly one ends the hold")
    func once() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let hold = try await shop.hold(ticket, "email", 2)
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for number in 0..<50 { group.addTask { try await number.isMultiple(of: 2) ? shop.capture(hold) : shop.release(hold) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter(\.isSuccess).count == 1)
            #expect(try answers.filter { !$0.isSuccess }.allSatisfy { try TestShop.outcome($0) == "hold-already-ended" })
            #expect(try await shop.entries(ticket, .capture, .release).count == 1)
            #expect(try await shop.counter(ticket)?.held == 0)
        }
    }

    @Test("a capture of a part releases the rest")
    func part() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            #expect(try await shop.capture(try await shop.hold(ticket, "email", 4), 1).status == 201)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1))
            #expect(try await shop.entries(ticket, .capture, .release).map(\.quantity) == [1, 3])
        }
    }

    @Test("what a capture exceeds its hold by comes from what remains; beyond that it is refused and the hold stays")
    func excess() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let hold = try await shop.hold(ticket, "email", 1)
            #expect(try TestShop.outcome(try await shop.capture(hold, 6)) == "capture-exceeds-hold")
            #expect(try await shop.counter(ticket) == Counter(granted: 5, held: 1))
            #expect(try await shop.capture(hold, 5).status == 201)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 5))
        }
    }

    @Test("where the plan allows it the excess is owed: a grant of value 0 for exactly the excess, paid back first by a reversal")
    func overdraft() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(productID: 13)         // 3 video, overdraft 2
            let hold = try await shop.hold(ticket, "video", 3)
            #expect(try TestShop.outcome(try await shop.capture(hold, 6)) == "capture-exceeds-hold")
            let usage = EntryID(try #require(try HistoryAnswer.read(try await shop.capture(hold, 5)).entry).id)
            #expect(try await shop.counter(ticket, .video) == Counter(granted: 5, used: 5))
            let owed = try #require(try await shop.entries(ticket, .overdraft).first)
            #expect(owed.quantity == 2 && owed.slices.map(\.value) == [0])
            #expect(try await shop.reverse(usage, 1).status == 201)
            #expect(try await shop.counter(ticket, .video) == Counter(granted: 5, used: 4, revoked: 1))
            #expect(try await test.store.verify().problem == nil)
        }
    }

    @Test("a hold may be captured after its credits expired and after its order ended; released, they meet what became of the grant")
    func late() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let (kept, back) = (try await shop.hold(ticket, "email", 1, seconds: 86_400), try await shop.hold(ticket, "email", 1, seconds: 86_400))
            shop.clock.advance(seconds: 60)
            try await shop.take([TestShop.order(id: 53, status: "cancelled", at: shop.clock.now)])
            #expect(try await shop.counter(ticket) == Counter(granted: 5, held: 2, revoked: 3))
            #expect(try await shop.capture(kept).status == 201)
            #expect(try await shop.release(back).status == 201)
            #expect(try await shop.counter(ticket) == Counter(granted: 5, used: 1, revoked: 4, shortfall: 1))
        }
    }

    @Test("an extended hold lapses at its new deadline")
    func extended() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket()
            let hold = try await shop.hold(ticket, "email", 1, seconds: 60)
            shop.clock.advance(seconds: 59)
            #expect(try await shop.store.extend(hold: hold, expiresInSeconds: 60, in: shop.id, key: try shop.key(), by: .commandLine).status == 201)
            shop.clock.advance(seconds: 59.5)
            #expect(try await shop.counter(ticket)?.held == 1)
            shop.clock.advance(seconds: 0.5)
            #expect(try await shop.counter(ticket)?.held == 0)
        }
    }
}
