import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("a message being sent is never lost, and charged at most once")
struct SendingTests {
    @Test("a sender killed between the provider and its note: another sends it again under the same id, and it is charged once")
    func killed() async throws {
        try await DeskFixture.with { desk in
            _ = try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana)
            let lost = try #require(try await desk.store.claimMessages(limit: 1).first)
            let first = try #require(try await desk.store.prepareMessage(lost))
            #expect(try await desk.store.claimMessages(limit: 1).isEmpty)
            desk.clock.advance(seconds: Store.sendClaimSeconds + 1)
            let again = try #require(try await desk.sendDue().first)
            #expect(again.messageID == first.messageID)
            // The first one was only slow: what it says now counts for nothing.
            try await desk.store.finishMessage(lost, .accepted(providerID: "late"))
            #expect(try await desk.counter() == Counter(granted: 5, used: 1))
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("refused for good: the credit comes back, the agent sees why, and the ticket is ours")
    func refused() async throws {
        try await DeskFixture.with { desk in
            let message = try #require(try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            try await desk.sendDue(.refused(reason: "no such mailbox"))
            let failed = try #require(try await desk.store.message(message.id, in: desk.shop))
            #expect(failed.state == .failed && failed.error == "no such mailbox" && failed.entry == nil)
            #expect(try await desk.counter() == Counter(granted: 5))
            let page = try await desk.page()
            #expect(page.desk.side == .us && page.ticket.status == "open")
        }
    }

    @Test("tried again later it stays held; lapsed meanwhile it is held anew, and with nothing left it fails")
    func later() async throws {
        try await DeskFixture.with(email: 1) { desk in
            let message = try #require(try await desk.store.send(try await desk.outgoing("Pozdrav"), in: desk.shop, key: .fresh(), by: desk.ana).message)
            try await desk.sendDue(.later(reason: "busy", at: desk.clock.now.addingTimeInterval(30)))
            #expect(try await desk.store.claimMessages(limit: 1).isEmpty)
            #expect(try await desk.store.message(message.id, in: desk.shop)?.error == "busy")
            desk.clock.advance(seconds: 2 * Store.sendHoldSeconds)
            #expect(try await desk.counter() == Counter(granted: 1))
            try await desk.sendDue(.later(reason: "still busy", at: desk.clock.now.addingTimeInterval(30)))
            #expect(try await desk.counter() == Counter(granted: 1, held: 1))
            desk.clock.advance(seconds: 2 * Store.sendHoldSeconds)
            try await desk.ledger.spend(desk.ticket)
            #expect(try await desk.sendDue().isEmpty)
            #expect(try await desk.store.message(message.id, in: desk.shop)?.state == .failed)
            #expect(try await desk.counter() == Counter(granted: 1, used: 1))
            #expect(try await desk.store.verify().problem == nil)
        }
    }

    @Test("two senders never hold the same claim")
    func claims() async throws {
        try await DeskFixture.with(email: 40) { desk in
            for number in 0..<30 { _ = try await desk.store.send(try await desk.outgoing("št. \(number)"), in: desk.shop, key: .fresh(), by: desk.ana) }
            let claims = try await withThrowingTaskGroup(of: [SendClaim].self) { group in
                for _ in 0..<6 { group.addTask { try await desk.store.claimMessages(limit: 7) } }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            #expect(Set(claims.map(\.message)).count == claims.count && claims.count == 30)
        }
    }
}
