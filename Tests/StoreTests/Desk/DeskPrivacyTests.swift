import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("a customer's conversation can be exported, and forgotten (P15)")
struct DeskPrivacyTests {
    /// What of the person lies anywhere, in small letters, as it is written and as it is searched.
    private static let traces = ["jõgi", "jogi", "tonu", "5555", "zaupno", "osebno", "predal", "kodune"]

    private func everything(_ desk: DeskFixture) async throws -> String {
        try await desk.ledger.pool.transaction { connection in
            let tables = try connection.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1") { try $0.next(String.self) }
            return try tables.map { table in
                "\(table): " + (try connection.queryOne("SELECT coalesce(string_agg(x::text, E'\\n'), '') FROM \(raw: table) x") { try $0.next(String.self) } ?? "")
            }.joined(separator: "\n").lowercased()
        }
    }

    @Test("after an erasure no message, note, draft, address, tag, answer or search word names them; sums and entries stay")
    func erase() async throws {
        try await DeskFixture.with { desk in
            let (store, shop) = (desk.store, desk.shop)
            _ = try await store.receive(
                Incoming(ticket: desk.ticket, channel: .email, text: "zaupno", subject: "osebno", from: "kodune@example.ee", externalID: "<tonu@x>"), in: shop).get()
            _ = try await store.addNote("zaupno: osebno", to: desk.ticket, in: shop, key: .fresh(), by: desk.ana)
            _ = try await store.recordUsage(
                Usage(ticket: desk.ticket, channel: "email", quantity: 1, reference: "predal"), note: "osebno", in: shop, key: .fresh(), by: desk.ana)
            #expect(try await store.saveDraft("zaupno", channel: "note", ticket: desk.ticket, in: shop, by: desk.piret) == nil)
            _ = try await store.setTags(["jõgi"], of: desk.ticket, in: shop, by: desk.ana).get()
            _ = try await store.setTags(["osebno"], of: desk.ticket, in: shop, by: desk.ana).get()
            _ = try await store.send(try await desk.outgoing("Tere, osebno"), in: shop, key: .fresh(), by: desk.ana)
            try await desk.sendDue()
            let waiting = try #require(try await store.send(try await desk.outgoing("zaupno še"), in: shop, key: .fresh(), by: desk.ana).message)
            let export = try await store.exportCustomer(desk.customer, in: shop, by: .commandLine).get()
            for word in ["zaupno še", "kodune@example.ee", "osebno", "ticket_changes", "drafts"] { #expect(export.contains(word), "\(word)") }
            let before = try await everything(desk)
            for trace in Self.traces { #expect(before.contains(trace), "\(trace)") }
            let report = try await store.eraseCustomer(desk.customer, in: shop, by: .commandLine).get()
            #expect(report.conversation > 5 && report.addresses > 0)
            let after = try await everything(desk)
            for trace in Self.traces { #expect(!after.contains(trace), "\(trace)") }
            #expect(try await store.message(waiting.id, in: shop)?.state == .failed)
            #expect(try await desk.counter() == Counter(granted: 5, used: 2))
            #expect(try await store.claimMessages(limit: 9).isEmpty)
            #expect(try await store.verify().problem == nil)
            #expect(try await store.ticketList(TicketListQuery(search: "\(desk.ticket)"), in: shop, for: desk.ana.id).rows.count == 1)
        }
    }
}
