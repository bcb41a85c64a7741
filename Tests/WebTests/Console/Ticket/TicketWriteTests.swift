import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct TicketWriteTests {
    @Test("a double click, and the same form sent again, charge once")
    func doubleClick() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            async let first = agent.send("Hello")
            async let second = agent.send("Hello")
            let statuses = try await [first.status, second.status]
            #expect(statuses == [303, 303])
            #expect(try await agent.send("Hello", script: true).status == 200)
            #expect(try await bench.counter() == Counter(granted: 5, held: 1))
            let again = try await agent.send("Something else")
            #expect(again.status == 422 && again.text.contains("already sent with other content") && again.draft("email") == "Something else")
            try await bench.deliver()
            #expect(try await bench.counter() == Counter(granted: 5, used: 1))
        }
    }

    @Test("of two agents who answer at once the second is stopped: the draft stays, the new part is shown, nothing is charged")
    func noDoubleReply() async throws {
        try await TicketBench.with { bench in
            let (first, second) = (try await bench.open(.agent), try await bench.open(.lead))
            #expect(try await first.send("I have it").status == 303)
            let stopped = try await second.send("Me too")
            #expect(stopped.status == 409 && stopped.draft("email") == "Me too")
            #expect(stopped.text.contains("Not sent: Agent added something") && stopped.text.contains("bubble out fresh"))
            #expect(try await bench.counter() == Counter(granted: 5, held: 1))
            let script = try await second.send("Me too", script: true)
            #expect(script.status == 409 && script.string("problem")?.contains("Nothing was charged") == true && script.number("version") != nil)
            let again = try await second.load()
            #expect(again.page.contains("Me too"))
            #expect(try await again.send("Me too, after reading").status == 303)
            #expect(try await bench.counter() == Counter(granted: 5, held: 2))
            try await bench.receive("One more thing", .email, from: "ana@example.test")
            #expect(try await again.load().send("Answered").status == 303)
        }
    }

    @Test("drafts survive a reload and an expired session, and are nobody else's")
    func drafts() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            #expect(try await agent.post("drafts", [("channel", "email"), ("text", "Half a sen"), ("subject", "Re: it")], script: true).status == 204)
            #expect(try await agent.post("drafts", [("channel", "note"), ("text", "to myself")], script: true).status == 204)
            let page = try await agent.browser.get(bench.path)
            #expect(page.draft("email") == "Half a sen" && page.draft("note") == "to myself" && page.text.contains("value=\"Re: it\""))
            #expect(try await bench.open(.lead).page.contains("Half a sen") == false)
            bench.server.shop.clock.advance(seconds: SessionLimits.idleSecondsMax)
            let late = try await agent.post("drafts", [("channel", "email"), ("text", "Half a sentence")], script: true)
            #expect(late.status == 401)
            let form = try await agent.browser.post(
                bench.path + "/send", [("channel", "email"), ("text", "Half")], headers: [("Referer", bench.server.address + bench.path)])
            #expect(form.status == 401 && form.text.contains("name=\"return\" value=\"\(bench.path)\""))
            let back = try await agent.browser.post(
                "/sign-in", [("email", "agent@example.test"), ("password", TestStaff.password), ("return", bench.path)])
            #expect(back.header("location") == bench.path)
            #expect(try await agent.browser.get(bench.path).draft("email") == "Half a sen")
            #expect(try await agent.load().send("Half a sentence is whole").status == 303)
            #expect(try await agent.browser.get(bench.path).draft("email") == "")
        }
    }

    @Test("at zero the page says why and offers the ways out; notes cost nothing and work")
    func atZero() async throws {
        try await TicketBench.with { bench in
            _ = try await bench.server.spend(bench.ticket, "email", 5)
            let (agent, lead) = (try await bench.open(.agent), try await bench.open(.lead))
            for page in [agent.page, lead.page] {
                #expect(page.contains("Nothing is left: 0 e-mails.") && page.contains("https://shop.example/product/podpora-start"))
                #expect(page.contains("nothing left") && page.contains("0 of 5 e-mails left"))
            }
            #expect(agent.page.contains("Ask a lead or an admin") && !agent.page.contains("data-opens-act=\"goodwill\""))
            #expect(lead.page.contains("data-opens-act=\"goodwill\""))
            let refused = try await agent.send("Hello")
            #expect(refused.status == 402 && refused.draft("email") == "Hello" && refused.text.contains("Not enough credits (e-mail)"))
            let script = try await agent.send("Hello", script: true)
            #expect(script.status == 402 && script.string("ways")?.contains("podpora-start") == true)
            #expect(try await agent.post("notes", [("text", "Nothing left")]).status == 303)
            #expect(try await bench.counter() == Counter(granted: 5, used: 5))
            #expect(try await lead.post("goodwill", [("channel", "email"), ("quantity", "1"), ("note", "sorry")]).status == 303)
            #expect(try await agent.load().send("Hello").status == 303)
        }
    }

    @Test("the preview says what sending takes, by the rule that sending uses")
    func preview() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            for text in ["", "Hello", String(repeating: "a", count: 161), String(repeating: "č", count: 71), String(repeating: "€", count: 81), "😀"] {
                let preview = try await agent.post("preview", [("channel", "sms"), ("text", text)], script: true)
                #expect(preview.number("segments") == SMSLength(text).segments && preview.number("units") == SMSLength(text).unitsUsed)
                #expect(preview.number("quantity") == SMSLength(text).segments && preview.number("available") == 5)
            }
            let long = String(repeating: "č", count: 71)
            let preview = try await agent.post("preview", [("channel", "sms"), ("text", long)], script: true)
            #expect(preview.string("html")?.contains("Cost: 2 SMS.") == true && preview.string("html")?.contains("Left afterwards: 3 SMS.") == true)
            #expect(try await agent.send(long, .sms).status == 303)
            #expect(try await bench.counter(.sms) == Counter(granted: 5, held: 2))
            let tooMuch = try await agent.post("preview", [("channel", "sms"), ("text", String(repeating: "č", count: 400))], script: true)
            #expect(tooMuch.string("html")?.contains("Not enough. Left: 3 SMS.") == true)
            #expect(try await agent.post("preview", [("channel", "video"), ("text", "x")], script: true).status == 422)
        }
    }

    @Test("the page says where messages go: a folder of files, as long as that is the provider")
    func provider() async throws {
        try await TicketBench.with { bench in
            #expect(try await bench.open(.agent).page.contains("No provider has said"))
            try await bench.store.setProvider(channel: "email", kind: "spool", place: "/var/spool/x")
            #expect(try await bench.open(.lead).page.contains("written as a file into the folder /var/spool/x"))
        }
    }
}
