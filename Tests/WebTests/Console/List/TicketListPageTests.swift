import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct TicketListPageTests {
    /// Six tickets of the shop, each of another customer, and who has the first.
    private func tickets(_ server: WebServer, _ ana: Staff) async throws -> [TicketID] {
        let (shop, store) = (server.shop, server.store)
        var tickets: [TicketID] = []
        for number in 0..<6 { tickets.append(try await shop.ticket(order: Int64(60 + number), email: "customer\(number)@example.test")) }
        _ = try await store.assign(tickets[0], to: ana.id, in: shop.id, by: ana).get()
        _ = try await store.receive(Incoming(ticket: tickets[1], channel: .email, text: "Where is my žabica?"), in: shop.id).get()
        _ = try await shop.spend(tickets[2], "email", 4)
        _ = try await shop.spend(tickets[3], "email", 5)
        _ = try await store.setStatus(.closed, of: tickets[4], in: shop.id, by: ana).get()
        _ = try await store.setPriority(.critical, of: tickets[5], in: shop.id, by: ana).get()
        _ = try await store.setTags(["vip"], of: tickets[5], in: shop.id, by: ana).get()
        try await shop.take([TestShop.order(id: 63, status: "refunded", email: "customer3@example.test", at: shop.clock.now.addingTimeInterval(1))])
        return tickets
    }

    @Test("each view lists its tickets and says how many there are; filters and search narrow it; the address keeps it")
    func views() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = try await server.browser(ana)
            let all = try await tickets(server, ana)
            let expected: [TicketListView: Set<Int>] = [
                .mine: [0], .unassigned: [1, 2, 3, 5], .waitingForUs: [1], .waitingForCustomer: [0, 2, 3, 5], .lowCredit: [2, 3], .owing: [3],
                .all: [0, 1, 2, 3, 4, 5],
            ]
            for view in TicketListView.allCases {
                let page = try await browser.get("/tickets?view=\(view.rawValue)")
                #expect(page.status == 200 && Set(page.listed) == Set((expected[view] ?? []).map { all[$0] }), "\(view)")
                #expect(page.count(view) == String(expected[view]?.count ?? -1), "\(view)")
            }
            let found: [(String, [Int])] = [
                ("status=closed", [4]), ("assignee=\(ana.id)", [0]), ("priority=critical", [5]), ("tag=vip", [5]), ("q=zabica", [1]), ("q=customer2", [2]),
                ("q=%23\(all[4])", [4]), ("q=61", [1]), ("q=nothing-like-it", []), ("view=waiting-for-us&q=customer2", []), ("channel=video&tag=vip", [5]),
            ]
            for (query, numbers) in found { #expect(try await browser.get("/tickets?" + query).listed == numbers.map { all[$0] }, "\(query)") }
            #expect(try await browser.get("/tickets").listed.first == all[1], "what waits for us stands first")
            #expect(try await browser.get("/tickets?sort=newest").listed == all.reversed())
            #expect(try await browser.get("/tickets?sort=credit").listed.first == all[3])
            for wrong in ["view=x", "sort=x", "status=x", "assignee=x", "channel=%20!", "after=1"] {
                #expect(try await browser.get("/tickets?" + wrong).status == 422, "\(wrong)")
            }
        }
    }

    @Test("every figure of the list is the one of GET /api/v1/tickets, in words too (P10)")
    func figures() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            _ = try await tickets(server, ana)
            let page = try await server.browser(ana).get("/tickets")
            let items = try await server.get("/api/v1/tickets").json["items"] as? [[String: Any]] ?? []
            #expect(items.count == 6)
            for item in items {
                let row = page.row(TicketID(Int64(item["number"] as? Int ?? 0)))
                let counters = item["counters"] as? [String: [String: Int]] ?? [:]
                let nouns = ["email": ("e-mail", "e-mails"), "sms": ("SMS", "SMS"), "video": ("video call", "video calls")]
                for (channel, (one, many)) in nouns {
                    let (left, of) = (counters[channel]?["remaining"] ?? -1, counters[channel]?["granted"] ?? -1)
                    #expect(row.contains("\(left) of \(of) \(of == 1 ? one : many) left"), "\(item["number"] ?? "") \(channel): \(left) of \(of)")
                    #expect(row.contains(#"max="\#(of)" value="\#(left)""#))
                }
            }
            let owing = items.first { ($0["counters"] as? [String: [String: Int]])?["email"]?["shortfall"] == 5 }
            let owingRow = page.row(TicketID(Int64(owing?["number"] as? Int ?? 0)))
            #expect(owingRow.contains("owes 5"))
            #expect(page.text.contains(">low<") || page.text.contains(">low "))
        }
    }

    @Test("paging meets every ticket once, and the last page has no next")
    func paging() async throws {
        try await WebServer.with { server in
            let browser = try await server.browser(.agent)
            let now = server.shop.clock.now
            try await server.shop.take((1...70).map { TestShop.order(id: Int64($0), email: "c\($0)@example.test", at: now) })
            for sort in ["waiting", "newest", "changed", "credit"] {
                var (address, met, pages) = ("/tickets?sort=\(sort)", [TicketID](), 0)
                while pages < 5 {
                    let page = try await browser.get(address)
                    met += page.listed
                    pages += 1
                    guard let next = page.link("next") else { break }
                    address = next
                }
                #expect(pages == 2 && met.count == 70 && Set(met).count == 70, "\(sort)")
            }
        }
    }

    @Test("script in names, subjects, tags and searches is text; another shop's tickets are nowhere and cannot be taken (P13)")
    func escaping() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = try await server.browser(ana)
            let ticket = try await server.shop.ticket()
            let evil = "<script>alert('x')</script>\"><img src=x>"
            _ = try await server.shop.test.database.pool.transaction { connection in
                try connection.execute("UPDATE ticket SET subject = \(evil), tags = ARRAY[\("<b>tag")]")
                try connection.execute("UPDATE customer SET name = \(evil)")
            }
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let theirs = try await other.ticket(order: 99, email: "theirs@example.test")
            for path in ["/tickets", "/tickets/table", "/tickets?q=%3Cscript%3E", "/tickets?tag=%3Cb%3Etag", "/tickets?q=theirs"] {
                let page = try await browser.get(path)
                #expect(page.status == 200 && !page.text.contains("<script>alert") && !page.text.contains("<img src=x") && !page.text.contains("<b>tag"), "\(path)")
                #expect(!page.text.contains("theirs@example.test") && !page.listed.contains(theirs), "\(path)")
            }
            #expect(try await browser.get("/tickets").row(ticket).contains("&lt;script&gt;"))
            #expect(try await browser.post("/tickets/assign", [("number", "\(theirs)")]).status == 404)
            #expect(try await browser.post("/tickets/assign", [("number", "x")]).status == 404)
            #expect(try await other.store.ticketPage(theirs, in: other.id, for: ana.id)?.desk.assignee == nil)
        }
    }

    @Test("a ticket is taken with one form, from where one was; scripts are told in JSON")
    func taking() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = try await server.browser(ana)
            let (one, two) = (try await server.shop.ticket(order: 1), try await server.shop.ticket(order: 2))
            let answer = try await browser.post("/tickets/assign", [("number", "\(one)"), ("return", "/tickets?view=unassigned")])
            #expect(answer.status == 303 && answer.header("location") == "/tickets?view=unassigned")
            #expect(try await browser.post("/tickets/assign", [("number", "\(one)"), ("return", "//evil.example")]).header("location") == "/tickets")
            let script = try await browser.post("/tickets/assign", [("number", "\(two)")], headers: [("Accept", "application/json")])
            #expect(script.status == 200 && script.string("text") == "Ticket #\(two) is yours.")
            #expect(Set(try await browser.get("/tickets?view=mine").listed) == [one, two])
            _ = try await server.store.present(at: one, isWriting: true, in: server.shop.id, by: try await TestStaff.add(.agent, "p@example.test", name: "Piret", to: server.shop))
            _ = try await server.store.present(at: one, isWriting: false, in: server.shop.id, by: ana)
            let row = try await browser.get("/tickets").row(one)
            #expect(row.contains("Piret is writing") && !row.contains("Ana is here"))
        }
    }

    @Test("an empty list says why and what to do; a database that is away is never an empty list (P11)")
    func emptyAndAway() async throws {
        try await WebServer.with { server in
            let browser = try await server.browser(.agent)
            #expect(try await browser.get("/tickets").text.contains("No tickets yet"))
            #expect(try await browser.get("/tickets?q=x").text.contains("Nothing found for “x”"))
            #expect(try await browser.get("/tickets?view=mine").text.contains("No ticket here"))
            _ = try await server.store.pool.transaction { try $0.execute("UPDATE feed SET away_since = now()") }
            #expect(try await browser.get("/tickets").text.contains("Demo has not answered since"))
            try await server.store.pool.transaction { try $0.executeScript("ALTER TABLE ticket RENAME TO ticket_away") }
            let away = try await browser.get("/tickets")
            #expect(away.status == 500 && !away.text.contains("No tickets yet") && away.text.contains("Something went wrong"))
            try await server.store.pool.transaction { try $0.executeScript("ALTER TABLE ticket_away RENAME TO ticket") }
        }
    }
}
