import Domain
import Foundation
import Store
import Testing

/// Answering, and what it costs.
@Suite struct TicketStories {
    private static let secondsMax = 2.0

    @Test("an agent finds a ticket and answers; the cost is shown before, charged once, and the counter falls in every open window within two seconds")
    func answer() async throws {
        try await World.with { world in
            let (ana, piret) = (try await world.add("Ana Kranjc", .agent), try await world.add("Piret Tamm", .agent))
            let ticket = try await world.ticket("Tõnu Jõgi")
            try await world.hear("Kuidas ma saan oma parooli muuta?", on: ticket)
            let (page, list, other) = (try await world.window(ana), try await world.window(piret), try await world.window(piret))
            try await list.goto("/tickets?view=all")
            try await other.goto("/tickets/\(ticket)")
            try await other.see(Ticket.meter("email", 5))
            try await page.goto("/tickets")
            try await page.fill("input[name=q]", "tõnu")
            try await page.follow { try await page.press("Enter") }
            try await page.visit("a.row", "#\(ticket)")
            try await page.see(".bubble", "Kuidas ma saan")
            var best = Double.infinity
            for left in [4, 3, 2] {
                try await page.write("Tere! Parooli saate muuta oma kontol, vastus \(left).")
                try await page.see("#write-email [data-cost]", "Left afterwards: \(left)")
                try await page.click("#write-email button.main")
                let began = ContinuousClock.now
                async let here: Void = page.see(Ticket.meter("email", left))
                async let there: Void = other.see(Ticket.meter("email", left))
                async let listed: Void = list.see("tr[data-number='\(ticket)'] .hidden", "\(left) of 5 e-mails left")
                _ = try await (here, there, listed)
                best = min(best, (ContinuousClock.now - began) / .seconds(1))
                try await other.see(".bubble.out", "vastus \(left)")
                try await page.see("#write-email textarea")
                #expect(try await page.value("#write-email textarea") == "")
            }
            #expect(best < Self.secondsMax, "the counter fell after \(best) s at best")
            #expect(try await world.remaining(ticket) == 2)
            try await page.see("#part-ledger li", "2")
            try await page.see(".bubble.out [data-state]", "sent")
        }
    }

    @Test("at the last credit the page says so; at zero sending is refused, the text stays, and the ways out are offered; a note costs nothing")
    func runOut() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let ticket = try await world.ticket()
            try await world.leave(1, on: ticket)
            try await page.goto("/tickets/\(ticket)")
            try await page.write("The last one.")
            try await page.see("#write-email [data-cost]", "Left afterwards: 0")
            try await page.click("#write-email button.main")
            try await page.see(Ticket.meter("email", 0))
            try await page.see("#part-meters .meter.none", "nothing left")
            try await page.write("One too many.")
            try await page.see("#write-email [data-cost]", "Nothing is left")
            try await page.click("#write-email button.main")
            try await page.see("#write-email .notice.bad", "Not enough credits")
            try await page.see("#write-email .ways a", "buy more")
            #expect(try await page.value("#write-email textarea") == "One too many.")
            #expect(try await world.remaining(ticket) == 0)
            try await page.click("#write-email .ways a[data-opens-act=note]")
            try await page.type("Asked the customer to buy more.")
            try await page.click("#write-note button.main")
            try await page.see(".bubble.note", "Asked the customer to buy more.")
            #expect(try await world.remaining(ticket, .sms) == 5)
        }
    }

    @Test("a lead gives goodwill from the way out, with a reason; the meter rises and the answer goes out")
    func goodwill() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Lea Novak", .lead))
            let ticket = try await world.ticket()
            try await world.leave(0, on: ticket)
            try await page.goto("/tickets/\(ticket)")
            try await page.write("Your refund is on its way.")
            try await page.click("#write-email .ways a[data-opens-act=goodwill]")
            try await page.fill("#act-goodwill input[name=quantity]", "2")
            try await page.fill("#act-goodwill textarea[name=note]", "We answered late.")
            try await page.visit("#act-goodwill button.main")
            try await page.see(".notice.good", "Goodwill is given.")
            try await page.see(Ticket.meter("email", 2))
            try await page.see("#part-ledger li", "We answered late.")
            if try await page.value("#write-email textarea").isEmpty { try await page.write("Your refund is on its way.") }
            try await page.open("email")
            try await page.click("#write-email button.main")
            try await page.see(Ticket.meter("email", 1))
        }
    }

    @Test("two agents write at once: each sees the other; the later one is stopped, keeps the draft, sees what is new and is charged nothing")
    func collision() async throws {
        try await World.with { world in
            let (ana, piret) = (try await world.add("Ana Kranjc", .agent), try await world.add("Piret Tamm", .agent))
            let ticket = try await world.ticket()
            let (first, second) = (try await world.window(piret), try await world.window(ana))
            try await first.goto("/tickets/\(ticket)")
            try await second.goto("/tickets/\(ticket)")
            try await first.see("#part-presence", "Ana Kranjc")
            try await second.write("My answer takes a while.")
            try await first.see("#part-presence [data-writing]", "Ana Kranjc")
            try await first.write("I was faster.")
            try await first.click("#write-email button.main")
            try await second.see(".bubble.out", "I was faster.")
            #expect(try await second.value("#write-email textarea") == "My answer takes a while.")
            let seen = try await second.value("#write-email input[name=seen]")
            try await second.click("#write-email button.main")
            try await second.see("#write-email .notice.bad", "Piret Tamm added something")
            try await second.waitFor("document.querySelector('#write-email input[name=seen]').value !== '\(seen)'", "what is new is shown")
            #expect(try await second.value("#write-email textarea") == "My answer takes a while.")
            #expect(try await world.remaining(ticket) == 4)
            try await second.see("#part-talk .fresh .badge", "new")
            _ = try await world.store.setPriority(.critical, of: ticket, in: world.shop.id, by: piret).get()
            try await second.see("#part-head .badge", "critical")
            try await second.see("#part-talk .fresh", "I was faster.")
            try await second.click("#write-email button.main")
            try await second.see(Ticket.meter("email", 3))
            #expect(try await world.remaining(ticket) == 3)
        }
    }

    @Test("the credits card follows by itself: a usage made elsewhere can be given back, a new ticket of the customer can be given credits")
    func creditsFollow() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Lea Novak", .lead))
            let ticket = try await world.ticket()
            try await page.goto("/tickets/\(ticket)")
            #expect(try await page.evaluate("document.querySelectorAll('#act-reverse option').length") == 0)
            try await world.leave(3, on: ticket)
            try await page.waitFor("document.querySelectorAll('#act-reverse option').length === 1", "the usage is offered")
            try await world.ticket(daysAgo: 1)
            try await world.leave(2, on: ticket)
            try await page.waitFor("document.querySelectorAll('#act-transfer select[name=to] option').length === 1", "the other ticket is offered")
            try await page.click("#part-ledger a[data-reverse]")
            try await page.see("#act-reverse[open] button.main")
            try await page.visit("#act-reverse button.main")
            try await page.see(".notice.good", "The credits are given back.")
        }
    }

    @Test("a draft survives a reload, and a session that ends while writing: sign in, and it is there; sent once")
    func draft() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .agent)
            let page = try await world.window(ana)
            let ticket = try await world.ticket()
            try await page.goto("/tickets/\(ticket)")
            try await page.write("A long answer.")
            try await page.see("#write-email [data-draft-state]", "Draft kept")
            try await page.reload()
            try await page.open("email")
            #expect(try await page.value("#write-email textarea") == "A long answer.")
            try await page.fill("#write-email textarea", "A longer answer.")
            _ = try await world.store.endSessions(of: ana, by: ana.caller)
            try await page.click("#write-email button.main")
            try await page.see(".toast", "Your session is over")
            #expect(try await page.value("#write-email textarea") == "A longer answer.")
            try await page.visit(".toast a", "Sign in")
            try await page.fill("input[name=email]", ana.email)
            try await page.fill("input[name=password]", World.password)
            try await page.visit("button.main")
            #expect(try await page.path == "/tickets/\(ticket)")
            try await page.open("email")
            try await page.waitFor("document.querySelector('#write-email textarea').value === 'A longer answer.'", "the draft is back")
            try await page.click("#write-email button.main")
            try await page.see(Ticket.meter("email", 4))
        }
    }

    @Test("with the keyboard alone: j and k choose, Enter opens, r writes, Ctrl+Enter sends, i notes, a takes, ? tells all")
    func keyboard() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let (older, newer) = (try await world.ticket("Wojciech Zając"), try await world.ticket("Tõnu Jõgi"))
            try await page.goto("/tickets?view=all&sort=newest")
            try await page.press("j")
            try await page.see("tr.here[data-number='\(newer)']")
            try await page.press("j")
            try await page.see("tr.here[data-number='\(older)']")
            try await page.press("a")
            try await page.see("tr[data-number='\(older)'] .assignee strong", "Ana Kranjc")
            try await page.press("k")
            try await page.see("tr.here[data-number='\(newer)']")
            try await page.follow { try await page.press("Enter") }
            #expect(try await page.path == "/tickets/\(newer)")
            try await page.press("?")
            for text in ["Reply by e-mail", "Write an SMS", "Write a note", "Send", "Back to the list"] { try await page.see("#keys-list dd", text) }
            try await page.press("Escape")
            try await page.miss("dialog#keys[open]")
            try await page.press("r")
            try await page.type("Typed and sent by keys; j is a letter here.")
            try await page.press("j", "Control+Enter")
            try await page.see(Ticket.meter("email", 4))
            try await page.see(".bubble.out", "a letter here.j")
            try await page.evaluate("document.activeElement.blur()")
            try await page.press("i")
            try await page.type("A note.")
            try await page.press("Control+Enter")
            try await page.see(".bubble.note", "A note.")
            try await page.evaluate("document.activeElement.blur()")
            try await page.see("#part-head", "Assigned to: Ana Kranjc")
            try await page.press("m")
            try await page.type("Ž" + String(repeating: "a", count: 70))
            try await page.see("#write-sms [data-cost]", "Segments: 2")
            #expect(try await page.evaluate("document.querySelector('#write-sms [data-units]').dataset.segments").string == "2")
            try await page.evaluate("document.activeElement.blur()")
            try await page.follow { try await page.press("/") }
            try await page.waitFor("document.activeElement.name === 'q'", "the search has the focus")
        }
    }

    @Test("a video call is started and stopped with v; its clock runs, its credit is booked at the end")
    func call() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let ticket = try await world.ticket()
            try await page.goto("/tickets/\(ticket)")
            try await page.follow { try await page.press("v") }
            try await page.see("[data-call] [data-clock]", "0:0")
            try await page.see("#part-meters [data-figure=held]", "1")
            try await page.follow { try await page.press("v") }
            try await page.miss("[data-call]")
            try await page.see(Ticket.meter("video", 0))
            #expect(try await world.remaining(ticket, .video) == 0)
        }
    }

    @Test("without scripts tickets are listed, opened and answered; a refused answer keeps its text")
    func withoutScripts() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let ticket = try await world.ticket()
            try await world.leave(1, on: ticket)
            try await page.runScripts(false)
            try await page.goto("/tickets?view=all")
            try await page.visit("a.row", "#\(ticket)")
            for (text, refused) in [("Sent without scripts.", false), ("Too much.", true)] {
                if try await !page.has("#write-email textarea") { try await page.click("#write-email > summary") }
                try await page.fill("#write-email textarea", text)
                try await page.visit("#write-email button.main")
                #expect(try await page.has("#write-email .notice.bad", "Not enough credits") == refused)
                if refused { #expect(try await page.value("#write-email textarea") == text) } else { #expect(try await page.has(".bubble.out", text)) }
            }
            #expect(try await world.remaining(ticket) == 0)
        }
    }
}

/// Places on a ticket's page.
enum Ticket {
    static func meter(_ channel: String, _ remaining: Int) -> String { "#part-meters .meter[data-channel=\(channel)][data-remaining='\(remaining)']" }
}

extension Page {
    /// Opens the box of a channel, as its key does; does nothing when it is open.
    func open(_ channel: String) async throws {
        if try await !has("#write-\(channel) textarea") { try await click("#write-\(channel) > summary") }
        try await see("#write-\(channel) textarea")
    }

    /// Writes over what stands in the box of a channel.
    func write(_ text: String, _ channel: String = "email") async throws {
        try await open(channel)
        try await fill("#write-\(channel) textarea", text)
    }
}
