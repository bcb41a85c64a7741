import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite("the ticket list: views, counts, search and paging")
struct ListTests {
    private func numbers(_ desk: DeskFixture, _ query: TicketListQuery, by staff: Staff? = nil) async throws -> [TicketID] {
        try await desk.store.ticketList(query, in: desk.shop, for: (staff ?? desk.ana).id).rows.map(\.ticket.number)
    }

    @Test("each view shows its tickets, and its count is their number")
    func views() async throws {
        try await DeskFixture.with { desk in
            let (store, shop) = (desk.store, desk.shop)
            var tickets = [desk.ticket]
            for number in 1...4 {
                let ticket = try await desk.ledger.addTicket(desk.customer)
                try await desk.ledger.entitle(ticket, order: Int64(10 + number), credits: 3, low: 1)
                tickets.append(ticket)
            }
            _ = try await store.assign(tickets[1], to: desk.ana.id, in: shop, by: desk.ana).get()
            _ = try await store.receive(Incoming(ticket: tickets[2], channel: .email, text: "Tere"), in: shop).get()
            try await desk.ledger.spend(tickets[3], "email", 2)
            try await desk.ledger.spend(tickets[4], "email", 3)
            try await desk.ledger.entitle(tickets[4], order: 14, credits: 1, of: 3)
            _ = try await store.setStatus(.closed, of: tickets[4], in: shop, by: desk.ana).get()
            let expected: [TicketListView: Set<Int>] = [
                .mine: [1], .unassigned: [0, 2, 3], .waitingForUs: [2], .waitingForCustomer: [0, 1, 3], .lowCredit: [0, 3], .owing: [4], .all: [0, 1, 2, 3, 4],
            ]
            let counts = try await store.ticketCounts(in: shop, for: desk.ana.id)
            for view in TicketListView.allCases {
                let found = try await numbers(desk, TicketListQuery(view: view))
                #expect(Set(found) == Set((expected[view] ?? []).map { tickets[$0] }), "\(view)")
                #expect(counts[view]?.count == found.count && counts[view]?.isMore == false, "\(view)")
            }
            // The video counter of the first has one credit at a low mark of one.
            let low = try #require(try await store.ticketList(TicketListQuery(view: .lowCredit), in: shop, for: desk.ana.id).rows.first { $0.ticket.number == desk.ticket })
            #expect(low.desk.credit == .low && low.desk.lowChannels == [.video])
            #expect(try await numbers(desk, TicketListQuery(view: .all, sort: .credit)).first == tickets[4])
            #expect(try await numbers(desk, TicketListQuery(view: .all, sort: .waiting)).first == tickets[2])
            #expect(try await numbers(desk, TicketListQuery(view: .all, sort: .newest)) == tickets.reversed())
        }
    }

    @Test("a top-up, a reversal and a refund undone take a ticket out of low credit and owing again")
    func crossings() async throws {
        try await DeskFixture.with(email: 2, sms: 0, video: 0) { desk in
            func credit() async throws -> CreditState { try await desk.page().desk.credit }
            #expect(try await credit() == .fine)
            let usage = try await desk.ledger.spend(desk.ticket)
            #expect(try await credit() == .low)
            _ = try await desk.store.reverse(usage: usage, reason: "other", in: desk.shop, key: .fresh(), by: .commandLine)
            #expect(try await credit() == .fine)
            try await desk.ledger.spend(desk.ticket, "email", 2)
            #expect(try await credit() == .empty)
            try await desk.ledger.entitle(desk.ticket, order: 2, credits: 5, low: 1)
            #expect(try await credit() == .fine)
            try await desk.ledger.entitle(desk.ticket, channel: "email", credits: 0, of: 2)
            #expect(try await credit() == .owing)
            try await desk.ledger.entitle(desk.ticket, channel: "email", credits: 2)
            #expect(try await credit() == .fine)
        }
    }

    @Test("an overdraft is owing until it is reversed")
    func overdraft() async throws {
        try await DeskFixture.with(video: 0) { desk in
            try await desk.ledger.entitle(desk.ticket, order: 5, channel: "video", credits: 1, overdraft: 2)
            let hold = try await desk.store.placeHold(ticket: desk.ticket, channel: "video", quantity: 1, in: desk.shop, key: .fresh(), by: .commandLine)
            let captured = try await desk.store.capture(hold: try hold.holdID(), quantity: 3, in: desk.shop, key: .fresh(), by: .commandLine)
            #expect(try await desk.page().desk.owingChannels == [.video])
            _ = try await desk.store.reverse(usage: try captured.entryID(), reason: "other", in: desk.shop, key: .fresh(), by: .commandLine)
            #expect(try await desk.page().desk.owingChannels == [])
        }
    }

    @Test("two channels that cross at once lose neither mark")
    func together() async throws {
        try await DeskFixture.with(connectionsMax: 6) { desk in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for channel in ["email", "sms"] { for _ in 0..<5 { group.addTask { try await desk.ledger.spend(desk.ticket, channel) } } }
                try await group.waitForAll()
            }
            #expect(Set(try await desk.page().desk.emptyChannels) == [.email, .sms])
        }
    }

    @Test("P10: the list's figures are those of GET /tickets, also of what expired a moment ago")
    func figures() async throws {
        try await DeskFixture.with(pooling: true) { desk in
            let other = try await desk.ledger.addTicket(desk.customer)
            try await desk.ledger.entitle(other, order: 7, credits: 3, expires: desk.clock.now.addingTimeInterval(60))
            try await desk.ledger.spend(other, "email", 1)
            desk.clock.advance(seconds: 3_600)
            let api = try await desk.store.tickets(in: desk.shop).items
            let list = try await desk.store.ticketList(TicketListQuery(sort: .newest), in: desk.shop, for: desk.ana.id).rows.map(\.ticket)
            #expect(api == list && list.first?.counters[.email] == Counter(granted: 3, used: 1, expired: 2))
            let page = try #require(try await desk.store.ticketPage(other, in: desk.shop, for: desk.ana.id))
            #expect(page.ticket == list.first && page.others.map(\.ticket) == Array(list.dropFirst()))
        }
    }

    @Test("pages go on in every order without repeating or leaving out what does not move, while others come and change")
    func paging() async throws {
        try await LedgerFixture.with { ledger in
            try await ledger.fillDesk(tickets: 300, messagesEach: 0)
            let all = Set(try await ledger.pool.read { try $0.query("SELECT ticket_id FROM ticket") { try $0.next(Int64.self) } }.map { TicketID($0) })
            for sort in TicketListSort.allCases {
                var met: [TicketID] = []
                var moved: Set<TicketID> = []
                var after: TicketListCursor?
                repeat {
                    let page = try await ledger.store.ticketList(
                        TicketListQuery(sort: sort), in: ledger.shop, for: UserID(1), after: after.map { TicketListCursor($0.text) } ?? nil, limit: 37)
                    met += page.rows.map(\.ticket.number)
                    after = page.next
                    let restless = try #require(all.randomElement())
                    moved.insert(restless)
                    ledger.clock.advance(seconds: 1)
                    _ = try await ledger.store.receive(Incoming(ticket: restless, channel: .email, text: "?"), in: ledger.shop).get()
                } while after != nil
                let still = met.filter { !moved.contains($0) }
                #expect(still.count == Set(still).count && Set(still) == all.subtracting(moved), "\(sort)")
            }
        }
    }

    @Test("searching finds names, addresses, numbers, orders and what was said, without their marks, in parts, and in Cyrillic")
    func search() async throws {
        try await DeskFixture.with { desk in
            let other = try await desk.ledger.addTicket(try await desk.ledger.addCustomer("Špela Žnidaršič", email: "spela@example.si", phone: "+386 41 555 999"))
            _ = try await desk.store.receive(Incoming(ticket: desk.ticket, channel: .email, text: "Не работает «оплата» — ещё раз Ёлка", from: "t.jogi@mail.example"), in: desk.shop).get()
            _ = try await desk.store.addNote("pokličem v ponedeljek", to: other, in: desk.shop, key: .fresh(), by: desk.ana)
            let found: [(String, TicketID?)] = [
                ("tonu", desk.ticket), ("Tõnu JÕGI", desk.ticket), ("ОПЛАТА елка", desk.ticket), ("t.jogi@mail.example", desk.ticket), ("0101", desk.ticket),
                ("znidarsic spela", other), ("žnid", other), ("041555999", other), ("ponedelj", other), ("#\(other)", other), ("jogi znidarsic", nil),
                ("' OR 1=1 :* & !", nil), ("nikjer", nil),
            ]
            for (text, ticket) in found {
                let numbers = try await numbers(desk, TicketListQuery(search: text))
                #expect(numbers == (ticket.map { [$0] } ?? []), "\(text)")
            }
            #expect(try await numbers(desk, TicketListQuery(search: " ?! ")).count == 2)
            #expect(try await numbers(desk, TicketListQuery(view: .waitingForUs, search: "example")) == [desk.ticket])
        }
    }
}
