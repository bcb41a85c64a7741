import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite("whose turn it is, and what was changed by whom")
struct TurnTests {
    @Test("a new ticket waits for its customer; what they write makes it ours since the first unanswered line; an answer gives it back")
    func turns() async throws {
        try await DeskFixture.with { desk in
            #expect(try await desk.page().desk.side == .customer)
            desk.clock.advance(seconds: 60)
            let first = desk.clock.now
            for text in ["Tere", "Halo?"] {
                _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: text), in: desk.shop).get()
                desk.clock.advance(seconds: 60)
            }
            var page = try await desk.page()
            #expect(page.desk.side == .us && abs(page.desk.waitingSince.timeIntervalSince(first)) < 0.001 && page.desk.version == 2)
            _ = try await desk.store.send(try await desk.outgoing("Tere!"), in: desk.shop, key: .fresh(), by: desk.ana)
            page = try await desk.page()
            #expect(page.desk.side == .customer && page.desk.waitingSince > first && page.ticket.status == "waiting")
        }
    }

    @Test("a message to a solved ticket opens it again, and the history says reopened")
    func reopened() async throws {
        try await DeskFixture.with { desk in
            _ = try await desk.store.setStatus(.solved, of: desk.ticket, in: desk.shop, by: desk.ana).get()
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: "Ikka katki"), in: desk.shop).get()
            let page = try await desk.page()
            #expect(page.ticket.status == "open" && page.desk.side == .us)
            #expect(page.conversation.events.map(\.kind) == [.status, .reopened])
            #expect(page.conversation.events.first?.by?.name == "Ana" && page.conversation.events.last?.by == nil)
        }
    }

    @Test("assignment, priority and tags are told by whom and when; the same again is no event")
    func changes() async throws {
        try await DeskFixture.with { desk in
            for _ in 0..<2 {
                _ = try await desk.store.assign(desk.ticket, to: desk.piret.id, in: desk.shop, by: desk.ana).get()
                _ = try await desk.store.setPriority(.critical, of: desk.ticket, in: desk.shop, by: desk.ana).get()
                _ = try await desk.store.setTags([" VIP ", "račun", "vip"], of: desk.ticket, in: desk.shop, by: desk.ana).get()
            }
            let desk2 = try await desk.store.setTags(["vip"], of: desk.ticket, in: desk.shop, by: desk.piret).get()
            #expect(desk2.tags == ["vip"] && desk2.assignee?.name == "Piret")
            let events = try await desk.page().conversation.events
            #expect(events.map(\.kind) == [.assigned, .priority, .tagged, .tagged, .untagged])
            #expect(events.first?.after == "Piret")
            #expect(try await desk.store.tags(of: desk.shop) == ["vip"])
            let finance = try await DeskFixture.addStaff(desk.ledger, "f@example.com", "F", .finance)
            guard case .failure(let refusal) = try await desk.store.setTags([], of: desk.ticket, in: desk.shop, by: finance) else { Issue.record("allowed"); return }
            #expect(refusal.status == 403)
        }
    }

    @Test("a message seen twice is kept once; a conversation is read in parts from the newest")
    func parts() async throws {
        try await DeskFixture.with { desk in
            for number in 0..<120 {
                for _ in 0..<(number == 3 ? 2 : 1) {
                    _ = try await desk.store.receive(
                        Incoming(ticket: desk.ticket, channel: .email, text: "pismo \(number)", externalID: "<\(number)@x>"), in: desk.shop).get()
                }
            }
            var part = try await desk.page().conversation
            var texts = part.messages.map(\.body)
            while let before = part.earlier {
                part = try #require(try await desk.store.conversation(of: desk.ticket, in: desk.shop, before: before))
                texts = part.messages.map(\.body) + texts
            }
            #expect(texts == (0..<120).map { "pismo \($0)" })
        }
    }

    @Test("a draft stays until it is sent, for its writer only; presence is told to others and goes by itself")
    func presence() async throws {
        try await DeskFixture.with { desk in
            #expect(try await desk.store.saveDraft("napol", subject: "Re", channel: "email", ticket: desk.ticket, in: desk.shop, by: desk.ana) == nil)
            #expect(try await desk.store.saveDraft("napol 2", channel: "note", ticket: desk.ticket, in: desk.shop, by: desk.ana) == nil)
            #expect(try await desk.page().drafts.map(\.body) == ["napol", "napol 2"])
            #expect(try await desk.page(for: desk.piret).drafts.isEmpty)
            #expect(try await desk.store.present(at: desk.ticket, isWriting: false, in: desk.shop, by: desk.ana)?.count == 1)
            let both = try #require(try await desk.store.present(at: desk.ticket, isWriting: true, in: desk.shop, by: desk.piret))
            #expect(Set(both.filter(\.isWriting).map(\.user.name)) == ["Piret"] && both.count == 2)
            desk.clock.advance(seconds: 30)
            _ = try await desk.store.present(at: desk.ticket, isWriting: false, in: desk.shop, by: desk.ana)
            desk.clock.advance(seconds: 30)
            #expect(try await desk.page().presence.map(\.user.name) == ["Ana"])
            #expect(try await desk.store.sweepPresence() == 1)
            try await desk.store.leave(desk.ticket, in: desk.shop, by: desk.ana)
            #expect(try await desk.page().presence.isEmpty)
        }
    }
}
