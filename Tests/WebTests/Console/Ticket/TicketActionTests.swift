import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct TicketActionTests {
    /// A form with what it needs, and the roles that may send it.
    private static let forms: [(name: String, fields: [(String, String)], roles: Set<Role>)] = [
        ("usage", [("channel", "email"), ("quantity", "1"), ("note", "on my own phone")], [.agent, .lead, .admin]),
        ("goodwill", [("channel", "email"), ("quantity", "2"), ("note", "sorry")], [.lead, .admin]),
        ("adjust", [("channel", "email"), ("quantity", "-1"), ("reason", "correction"), ("note", "typo")], [.lead, .admin]),
        ("assign", [("user", "me")], [.agent, .lead, .admin]), ("status", [("status", "solved")], [.agent, .lead, .admin]),
        ("priority", [("priority", "critical")], [.agent, .lead, .admin]), ("tags", [("tags", "One, two")], [.agent, .lead, .admin]),
        ("notes", [("text", "a note")], [.agent, .lead, .admin]), ("drafts", [("channel", "email"), ("text", "x")], [.agent, .lead, .admin]),
        ("send", [("channel", "email"), ("text", "an answer")], [.agent, .lead, .admin]), ("calls", [], [.agent, .lead, .admin]),
        ("presence", [("writing", "1")], [.agent, .lead, .finance, .admin]), ("preview", [("channel", "sms"), ("text", "x")], [.agent, .lead, .finance, .admin]),
    ]

    @Test("each form does its work for the roles that may and is refused to the others, who are not shown it", arguments: Role.allCases)
    func roles(_ role: Role) async throws {
        try await TicketBench.with { bench in
            let other = try await bench.server.shop.ticket(order: 54)
            var window = try await bench.open(role)
            for form in Self.forms + [("transfer", [("to", "\(other)"), ("channel", "sms"), ("quantity", "1"), ("reason", "other"), ("note", "moved")], [.lead, .admin])] {
                window = try await window.load()
                let before = try await bench.counter()
                let answer = try await window.post(form.name, form.fields)
                if form.roles.contains(role) {
                    #expect([200, 204, 303].contains(answer.status), "\(role) \(form.name): \(answer.status)")
                } else {
                    #expect(answer.status == 403, "\(role) \(form.name): \(answer.status)")
                    #expect(try await bench.counter() == before)
                }
                if !["drafts", "presence", "preview", "calls"].contains(form.name) {
                    #expect(window.page.contains("action=\"\(bench.path)/\(form.name)\"") == form.roles.contains(role), "\(role) \(form.name)")
                }
            }
            let page = try await window.load().page
            if role == .lead || role == .admin {
                #expect(try await bench.counter() == Counter(granted: 7, used: 1, held: 1, revoked: 1))
                #expect(try await bench.server.shop.counter(other, .sms)?.granted == 6)
                #expect(page.contains("adjusted down") && page.contains("moved away") && page.contains("sorry"))
            }
            if role != .finance { #expect(page.contains("a note") && page.contains("critical") && page.contains(">one<")) }
            #expect(try await bench.store.verify().problem == nil)
        }
    }

    @Test("a usage is given back in part and in whole, one's own by agents, anybody's by leads")
    func reverse() async throws {
        try await TicketBench.with { bench in
            let (agent, lead) = (try await bench.open(.agent), try await bench.open(.lead))
            _ = try await lead.post("usage", [("channel", "sms"), ("quantity", "1")])
            _ = try await agent.post("usage", [("channel", "email"), ("quantity", "3"), ("at", "2026-11-01T10:00")])
            let entries = try await bench.store.ticketPage(bench.ticket, in: bench.shop, for: agent.staff.id)?.entries.filter { $0.kind == .usage } ?? []
            let (own, theirs) = (try #require(entries.first { $0.channel == .email }), try #require(entries.first { $0.channel == .sms }))
            #expect(own.occurredAt != nil)
            let page = try await agent.browser.get(bench.path + "?reverse=\(own.id)")
            #expect(page.text.contains("<option value=\"\(own.id)\" selected>") && page.text.contains("id=\"act-reverse\" name=\"acts\" open"))
            #expect(!page.text.contains("<option value=\"\(theirs.id)\""))
            let refused = try await agent.load().post("reverse", [("usage", "\(theirs.id)"), ("note", "kept text")])
            #expect(refused.status == 403 && refused.text.contains("does not allow this") && refused.text.contains("kept text"))
            #expect(try await agent.load().post("reverse", [("usage", "\(own.id)"), ("quantity", "1")]).status == 303)
            let tooMuch = try await agent.load().post("reverse", [("usage", "\(own.id)"), ("quantity", "3")])
            #expect(tooMuch.status == 409 && tooMuch.text.contains("only 2 of this usage") && tooMuch.text.contains("value=\"3\""))
            #expect(try await agent.load().post("reverse", [("usage", "\(own.id)")]).status == 303)
            #expect(try await lead.load().post("reverse", [("usage", "\(theirs.id)")]).status == 303)
            #expect(try await bench.counter() == Counter(granted: 5))
            #expect(try await bench.counter(.sms) == Counter(granted: 5))
            #expect(try await agent.load().page.contains("given back"))
        }
    }

    @Test("another ticket's usage is unknown here, also the same customer's; a pooled one belongs to the ticket that it was spent for")
    func reverseElsewhere() async throws {
        try await TicketBench.with(pooling: true) { bench in
            let other = try await bench.server.shop.ticket(order: 54)
            let lead = try await bench.open(.lead)
            _ = try await lead.post("usage", [("channel", "email"), ("quantity", "7")])
            let own = try #require(try await bench.store.ticketPage(bench.ticket, in: bench.shop, for: lead.staff.id)?.entries.first { $0.kind == .usage })
            let there = TicketWindow(bench: TicketBench(server: bench.server, ticket: other), browser: lead.browser, staff: lead.staff)
            let refused = try await there.load().post("reverse", [("usage", "\(own.id)")])
            #expect(refused.status == 404 && refused.text.contains("There is no \(own.id) in this shop."))
            #expect(try await bench.counter().used == 5)
            #expect(try await lead.load().post("reverse", [("usage", "\(own.id)")]).status == 303)
            #expect(try await bench.counter().used == 0)
            #expect(try await bench.server.shop.counter(other, .email)?.used == 0)
        }
    }

    @Test("a form that was refused and is sent again says so on its page, never in raw JSON, and has a new key")
    func refusedBefore() async throws {
        try await TicketBench.with { bench in
            let lead = try await bench.open(.lead)
            let fields = [("channel", "sms"), ("quantity", "-9"), ("reason", "other"), ("note", "kept text")]
            #expect(try await lead.post("adjust", fields).text.contains("Not enough credits"))
            let again = try await lead.post("adjust", fields)
            #expect(again.status == 402 && again.header("content-type")?.hasPrefix("text/html") == true)
            #expect(again.text.contains("This was already sent once and refused.") && again.text.contains("kept text"))
            #expect(!again.text.contains(lead.made("adjust").first { $0.0 == "key" }?.1 ?? "?"))
            let script = try await lead.post("adjust", fields, script: true)
            #expect(script.status == 402 && script.text.contains("already sent once"))
        }
    }

    @Test("what is refused is said beside its form in plain words, what was typed is kept, and a double click gives once")
    func refusals() async throws {
        try await TicketBench.with { bench in
            let lead = try await bench.open(.lead)
            let fields = [("channel", "sms"), ("quantity", "21"), ("note", "a generous day")]
            let refused = try await lead.post("goodwill", fields)
            #expect(refused.status == 403 && refused.text.contains("You may move 20 credits per ticket and day; left today: 20, asked: 21."))
            #expect(refused.text.contains("a generous day") && refused.text.contains("value=\"21\""))
            #expect(refused.text.contains("id=\"act-goodwill\" name=\"acts\" open"))
            for (form, wrong, text) in [
                ("goodwill", [("channel", "sms"), ("quantity", "1")], "Say why"), ("goodwill", [("channel", "sms"), ("quantity", "-1"), ("note", "x")], "must be from 1"),
                ("adjust", [("channel", "sms"), ("quantity", "0"), ("reason", "other"), ("note", "x")], "must not be 0"),
                ("adjust", [("channel", "sms"), ("quantity", "-9"), ("reason", "other"), ("note", "x")], "Not enough credits"),
                ("adjust", [("channel", "sms"), ("quantity", "1"), ("reason", "nonsense"), ("note", "x")], "There is no nonsense"),
                ("goodwill", [("channel", "sms"), ("quantity", "1"), ("note", "x"), ("expires", "2020-01-01")], "expiry is a day to come"),
                ("transfer", [("to", "999999"), ("channel", "sms"), ("quantity", "1"), ("reason", "other"), ("note", "x")], "There is no ticket 999999"),
                ("usage", [("channel", "sms"), ("quantity", "1"), ("at", "2036-01-01T10:00")], "already been"),
                ("usage", [("channel", "sms"), ("quantity", "")], "must be from 1"), ("tags", [("tags", String(repeating: "x", count: 41))], "At most 20 tags"),
            ] {
                let answer = try await lead.load().post(form, wrong)
                #expect(answer.status >= 400 && answer.text.contains(text), "\(form) \(wrong): \(answer.status) \(answer.text.split(separator: "\n").filter { $0.contains("alert") || $0.contains("999999") })")
            }
            #expect(try await bench.counter(.sms) == Counter(granted: 5))
            let fresh = try await lead.load()
            let give = [("channel", "sms"), ("quantity", "2"), ("note", "sorry"), ("expires", "2026-12-31")]
            async let first = fresh.post("goodwill", give)
            async let second = fresh.post("goodwill", give)
            #expect(try await [first.status, second.status] == [303, 303])
            #expect(try await bench.counter(.sms) == Counter(granted: 7))
            #expect(try await fresh.load().page.contains("usable through 31 Dec 2026"))
        }
    }

    @Test("a video call holds, shows its meter, ends once, and with nothing left it does not start and says why")
    func calls() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            #expect(try await agent.post("calls", []).status == 303)
            #expect(try await bench.counter(.video) == Counter(granted: 1, held: 1))
            bench.server.shop.clock.advance(seconds: 125)
            let running = try await agent.load()
            #expect(running.page.contains("Video call running") && running.page.contains(">2:05<") && running.page.contains("if it ended now: 1 video call"))
            let start = try #require(running.page.range(of: bench.path + "/calls/"))
            let stop = "calls/" + running.page[start.upperBound...].prefix { $0.isNumber } + "/stop"
            #expect(try await running.post(stop, [("minutes", "9")]).status == 422)
            #expect(try await running.post(stop, []).status == 303)
            #expect(try await running.post(stop, []).status == 303)
            #expect(try await bench.counter(.video) == Counter(granted: 1, used: 1))
            let after = try await agent.load()
            #expect(after.page.contains("The call has ended.") && after.page.contains(">2:05<"))
            let refused = try await after.post("calls", [])
            #expect(refused.status == 402 && refused.text.contains("Not enough credits (video call)") && refused.text.contains("podpora-start"))
        }
    }
}
