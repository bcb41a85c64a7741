import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("no page of the desk reads a large table from end to end")
struct DeskPlanTests {
    private static let large = ["ticket", "message", "entry", "counter", "ticket_search", "credit_grant"]
    /// Rows that may be read in a row: a list that ends after a limit may begin at any end. The smallest table has 20,000.
    private static let rowsMax: Int64 = 5_000

    /// Tables of which `body` reads many rows one after the other.
    private func scanned(_ ledger: LedgerFixture, _ body: () async throws -> Void) async throws -> [String] {
        func counts() async throws -> [String: Int64] {
            // The pool has one connection: what it did is told at the end of this transaction, and read in the next.
            _ = try await ledger.pool.transaction { try $0.execute("SELECT pg_stat_force_next_flush()") }
            return try await ledger.pool.transaction { connection in
                Dictionary(
                    try connection.query("SELECT relname, seq_tup_read FROM pg_stat_user_tables WHERE relname = ANY (\(Self.large)::text[])") {
                        (try $0.next(String.self), try $0.next(Int64.self))
                    }, uniquingKeysWith: { $1 })
            }
        }
        let before = try await counts()
        try await body()
        let after = try await counts()
        return Self.large.filter { (after[$0] ?? 0) > (before[$0] ?? 0) + Self.rowsMax }
    }

    @Test("lists in every view and order, counts, searches and a ticket's page, with 20,000 tickets and 60,000 messages")
    func plans() async throws {
        try await LedgerFixture.with(connectionsMax: 1) { ledger in
            try await ledger.fillDesk(tickets: 20_000)
            let (store, shop) = (ledger.store, ledger.shop)
            let whole = try await scanned(ledger) { try await ledger.run("SELECT count(*), min(body) FROM message") }
            #expect(whole == ["message"], "the measure itself")
            for view in TicketListView.allCases {
                for sort in TicketListSort.allCases {
                    let found = try await scanned(ledger) {
                        let first = try await store.ticketList(TicketListQuery(view: view, sort: sort), in: shop, for: UserID(3))
                        #expect(first.rows.count == 50 || view == .owing, "\(view) \(sort)")
                        if let next = first.next { _ = try await store.ticketList(TicketListQuery(view: view, sort: sort), in: shop, for: UserID(3), after: next) }
                    }
                    #expect(found == [], "\(view) by \(sort)")
                }
            }
            let counting = try await scanned(ledger) { _ = try await store.ticketCounts(in: shop, for: UserID(3)) }
            #expect(counting == [])
            let picking = try await scanned(ledger) { _ = try await store.tags(of: shop) }
            #expect(picking == [])
            for text in ["word17", "pogosto", "person nr77", "wor"] {
                let found = try await scanned(ledger) {
                    let page = try await store.ticketList(TicketListQuery(sort: .newest, search: text), in: shop, for: UserID(3))
                    #expect(!page.rows.isEmpty, "\(text)")
                }
                #expect(found == [], "\(text)")
            }
            let page = try await scanned(ledger) {
                let page = try await store.ticketPage(TicketID(5_000), in: shop, for: UserID(3))
                #expect(page != nil)
            }
            #expect(page == [])
        }
    }

    @Test("a spend that crosses no mark keeps its counter's update HOT and leaves the ticket alone")
    func hot() async throws {
        try await LedgerFixture.with(connectionsMax: 1) { ledger in
            let ticket = try await ledger.addTicket(try await ledger.addCustomer())
            try await ledger.entitle(ticket, credits: 100, low: 2)
            let before: String = try await ledger.one("SELECT xmin::text || ctid::text FROM ticket WHERE ticket_id = \(ticket.rawValue)::bigint")
            for _ in 0..<50 { try await ledger.spend(ticket) }
            _ = try await ledger.pool.read { try $0.execute("SELECT pg_stat_force_next_flush()") }
            let cold: Int64 = try await ledger.one(
                "SELECT n_tup_upd - n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'counter'")
            #expect(cold <= 1)
            #expect(try await ledger.one("SELECT xmin::text || ctid::text FROM ticket WHERE ticket_id = \(ticket.rawValue)::bigint") == before)
        }
    }
}
