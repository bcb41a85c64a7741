import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct TicketPageTests {
    @Test("the page shows the conversation, the customer, the orders and the ledger, in every language")
    func shows() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            _ = try await agent.send("We are looking into it")
            let page = try await agent.browser.get(bench.path).text
            for text in [
                "My shop is down", "Please call me", "We are looking into it", "being sent", "ana@example.test", "+386 41 000 001", "€59.78", "held",
                "5 left", "e-mail, incoming", "SMS, incoming", "e-mail, outgoing", "Assigned to Agent", "Status: waiting",
            ] { #expect(page.contains(text), "\(text)") }
            try await bench.deliver()
            let sent = try await agent.browser.get(bench.path).text
            #expect(sent.contains(">sent<") && sent.contains("used (held before)") && sent.contains("Left afterwards: 3 e-mails."))
            for language in Language.allCases {
                _ = try await agent.browser.post("/language", [("language", language.rawValue)])
                let page = try await agent.browser.get(bench.path)
                #expect(page.status == 200 && page.text.contains("lang=\"\(language.rawValue)\""))
            }
        }
    }

    @Test("a channel that was never bought says so, not that it is used up; meters are said in words")
    func neverBought() async throws {
        try await TicketBench.with { bench in
            let ticket = try await bench.server.shop.ticket(order: 60, productID: 13)
            let agent = try await bench.open(.agent)
            let page = try await agent.browser.get("/tickets/\(ticket)").text
            #expect(page.contains("none bought") && !page.contains("nothing left") && page.contains("3 of 3 video calls left"))
        }
    }

    @Test("the figures are those of GET /api/v1/tickets/{number}, whatever happened before (P10)")
    func figures() async throws {
        try await TicketBench.with(pooling: true) { bench in
            _ = try await bench.server.shop.ticket(order: 54)
            _ = try await bench.server.spend(bench.ticket, "sms", 5)
            _ = try await bench.server.spend(bench.ticket, "email", 2)
            let agent = try await bench.open(.agent)
            _ = try await agent.send("A held one")
            let page = try await agent.browser.get(bench.path)
            let ticket = try await bench.server.get("/api/v1/tickets/\(bench.ticket)")
            for channel in ["email", "sms", "video"] {
                for name in ["remaining", "granted", "used", "held", "expired", "revoked", "shortfall"] {
                    let number = try #require(ticket.number("counters.\(channel).\(name)"))
                    #expect(page.figure(channel, name) ?? "0" == String(number), "\(channel) \(name)")
                }
                #expect(page.figure(channel, "pool") ?? "0" == String(ticket.number("pool.\(channel)") ?? 0), "\(channel) pool")
            }
            #expect(page.text.contains("only on other tickets") && page.text.contains("2 of 5 e-mails left"))
        }
    }

    @Test("a script in a message, a name, a subject, a tag or an error is text")
    func escaping() async throws {
        try await TicketBench.with { bench in
            let script = "<script>alert('x')</script>\"&"
            try await bench.receive(script, .email, from: "ana@example.test")
            try await bench.server.shop.test.database.pool.transaction { connection in
                try connection.execute("UPDATE ticket SET subject = \(script)")
                try connection.execute("UPDATE customer SET name = \(script), phone = \(script)")
                try connection.execute("UPDATE shop_order SET number = \(script), status = \(script)")
            }
            let agent = try await bench.open(.agent)
            _ = try await agent.post("tags", [("tags", script)])
            _ = try await agent.post("notes", [("text", script)])
            _ = try await agent.post("drafts", [("channel", "email"), ("text", "</textarea>" + script), ("subject", script)])
            _ = try await agent.post("usage", [("channel", "email"), ("quantity", "1"), ("note", script), ("reference", script)])
            let refused = try await agent.post("usage", [("channel", script), ("quantity", "1"), ("note", script)])
            for page in [try await agent.browser.get(bench.path), try await agent.browser.get(bench.path + "/parts"), refused] {
                #expect(!page.text.contains("<script>alert") && page.text.contains("&lt;script&gt;alert"))
                #expect(!page.text.contains("</textarea>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&quot;&amp;</textarea></textarea>"))
            }
        }
    }

    @Test("another shop's ticket is as unknown as one that nobody has, for every address of the page (P13)")
    func otherShops() async throws {
        try await TicketBench.with { bench in
            let other = try await TestShop.add(to: bench.server.shop.test, slug: "other")
            let theirs = try await other.ticket()
            let admin = try await bench.server.browser(.admin)
            for path in ["/tickets/\(theirs)", "/tickets/\(theirs)/parts", "/tickets/\(theirs)/live", "/tickets/0", "/tickets/x"] {
                #expect(try await admin.get(path).status == 404, "\(path)")
            }
            let before = try await other.counter(theirs)
            let fields = [
                ("channel", "email"), ("text", "x"), ("quantity", "1"), ("note", "x"), ("reason", "goodwill"), ("user", "me"), ("status", "solved"),
                ("priority", "high"), ("tags", "a"), ("key", "k"), ("seen", "9"), ("usage", "1"), ("to", "1"),
            ]
            for route in TicketPages.all where route.method == .post {
                let path = "/" + route.path.segments.map { segment in
                    if case .literal(let text) = segment { text } else { theirs.description }
                }.joined(separator: "/")
                let answer = try await admin.post(path, fields)
                #expect(answer.status == 404, "\(path): \(answer.status)")
                #expect(!answer.text.contains("Podpora"))
            }
            #expect(try await other.counter(theirs) == before)
        }
    }

    @Test("the conversation and the ledger are paged from the newest")
    func pages() async throws {
        try await TicketBench.with { bench in
            for number in 0..<60 { try await bench.receive("line \(number).", .email, from: "ana@example.test") }
            let agent = try await bench.open(.agent)
            #expect(agent.page.contains("line 59.") && !agent.page.contains("line 5."))
            let start = try #require(agent.page.range(of: bench.path + "?before="))
            let number = agent.page[start.upperBound...].prefix { $0.isNumber }
            let earlier = try await agent.browser.get(bench.path + "?before=\(number)").text
            #expect(earlier.contains("line 5.") && earlier.contains("My shop is down") && !earlier.contains("line 59."))
            #expect(try await agent.browser.get(bench.path + "?before=x&ledger=0").status == 200)
        }
    }
}
