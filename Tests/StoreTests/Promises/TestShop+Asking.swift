import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

/// Short ways to ask for what the promise tests ask for. Every call has a key of its own unless one is given.
extension TestShop {
    func key(_ text: String = UUID().uuidString) throws -> IdempotencyKey { try #require(IdempotencyKey(text)) }

    /// Spends and answers the usage's entry; fails the test when refused.
    func use(_ ticket: TicketID, _ channel: String = "email", _ quantity: Int64 = 1, by caller: Caller = .commandLine) async throws -> EntryID {
        let answer = try HistoryAnswer.read(try await spend(ticket, channel, quantity, by: caller))
        return EntryID(try #require(answer.entry, "refused: \(answer.outcome)").id)
    }

    func hold(_ ticket: TicketID, _ channel: String = "email", _ quantity: Int64 = 1, seconds: Int = 900) async throws -> HoldID {
        let answer = try await store.placeHold(
            ticket: ticket, channel: channel, quantity: quantity, expiresInSeconds: seconds, in: id, key: try key(), by: .commandLine)
        return HoldID(try #require(try HistoryAnswer.read(answer).hold).id)
    }

    func capture(_ hold: HoldID, _ quantity: Int64? = nil) async throws -> Answer {
        try await store.capture(hold: hold, quantity: quantity, in: id, key: try key(), by: .commandLine)
    }

    func release(_ hold: HoldID) async throws -> Answer { try await store.release(hold: hold, in: id, key: try key(), by: .commandLine) }

    func reverse(_ usage: EntryID, _ quantity: Int64? = nil, by caller: Caller = .commandLine) async throws -> Answer {
        try await store.reverse(usage: usage, quantity: quantity, reason: "other", note: "n", in: id, key: try key(), by: caller)
    }

    func adjust(
        _ ticket: TicketID, _ quantity: Int64, _ channel: String = "email", expiresAt: Date? = nil, by caller: Caller = .commandLine
    ) async throws -> Answer {
        try await store.adjust(
            ticket: ticket, channel: channel, quantity: quantity, reason: "goodwill", note: "n", expiresAt: expiresAt, in: id, key: try key(),
            by: caller)
    }

    func transfer(
        _ quantity: Int64, _ channel: String = "email", from ticket: TicketID, to other: TicketID, by caller: Caller = .commandLine
    ) async throws -> Answer {
        try await store.transfer(
            from: ticket, to: other, channel: channel, quantity: quantity, reason: "other", note: "n", in: id, key: try key(), by: caller)
    }

    func entries(_ ticket: TicketID, _ kinds: EntryKind...) async throws -> [EntryView] {
        try #require(try await store.entries(of: ticket, in: id, limit: Store.listMax)).items.filter { kinds.isEmpty || kinds.contains($0.kind) }
    }

    /// Topics of what was written to the outbox, oldest first.
    func told(_ topic: String) async throws -> Int {
        try await store.pool.read { connection in
            try connection.queryOne("SELECT count(*) FROM outbox WHERE topic = \(topic)") { try $0.next(Int.self) } ?? 0
        }
    }

    /// 201, or the slug of the refusal.
    static func outcome(_ answer: Answer) throws -> String {
        try HistoryAnswer.read(answer).type?.split(separator: ":").last.map(String.init) ?? "\(answer.status)"
    }
}
