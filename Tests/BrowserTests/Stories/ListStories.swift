import Domain
import Testing

/// Who waits, and what each has left.
@Suite struct ListStories {
    @Test("a list lives: a new ticket, a message, a spend and a colleague who writes show by themselves; a taken ticket moves to “mine”")
    func live() async throws {
        try await World.with { world in
            let (ana, piret) = (try await world.add("Ana Kranjc", .agent), try await world.add("Piret Tamm", .agent))
            let page = try await world.window(ana)
            try await page.goto("/tickets?view=all")
            try await page.see("h2", "No tickets yet")
            let ticket = try await world.ticket("Tõnu Jõgi")
            try await page.see("tr[data-number='\(ticket)'] td", "Tõnu Jõgi")
            try await page.see("tr[data-number='\(ticket)'] .hidden", "5 of 5 e-mails left")
            try await world.hear("Kuidas ma saan oma parooli muuta?", on: ticket)
            try await page.see("tr[data-number='\(ticket)'] .badge", "our turn")
            try await world.leave(1, on: ticket)
            try await page.see("tr[data-number='\(ticket)'] .mini.low", "1")
            let colleague = try await world.window(piret)
            try await colleague.goto("/tickets/\(ticket)")
            try await page.see("tr[data-number='\(ticket)'] .present", "Piret Tamm is here")
            try await page.click("tr[data-number='\(ticket)'] button", "Take")
            try await page.see("tr[data-number='\(ticket)'] .assignee strong", "Ana Kranjc")
            try await page.visit("#views a", "Mine")
            try await page.see("tr[data-number='\(ticket)']")
        }
    }

    @Test("a ticket is found by customer, message and number; what is not found says what to do, and where else to look")
    func search() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let (ticket, other) = (try await world.ticket("Tõnu Jõgi"), try await world.ticket("Wojciech Zając"))
            try await world.hear("Пропал весь каталог после обновления", on: other)
            for (words, found) in [("jõgi", ticket), ("каталог", other), ("\(ticket)", ticket)] {
                try await page.goto("/tickets")
                try await page.press("/")
                try await page.type(words)
                try await page.follow { try await page.press("Enter") }
                let rows = try await page.evaluate("[...document.querySelectorAll('tr[data-number]')].map((one) => Number(one.dataset.number))")
                #expect(rows == [.number(Double(found.rawValue))], "\(words)")
            }
            try await page.goto("/tickets?view=mine&q=jõgi")
            try await page.see(".empty h2", "Nothing found for “jõgi”")
            try await page.visit(".empty a", "Search all tickets")
            try await page.see("tr[data-number='\(ticket)']")
        }
    }

    @Test("when the connection is lost the list says that it may be old, never that there is nothing, and catches up")
    func offline() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            let ticket = try await world.ticket()
            try await page.goto("/tickets?view=all")
            try await page.see("tr[data-number='\(ticket)']")
            try await page.see("html.connected")
            try await page.goOffline(true)
            try await page.evaluate("dispatchEvent(new Event('offline'))")
            try await page.see("#offline", "Not connected")
            let later = try await world.ticket("Wojciech Zając")
            #expect(try await page.has("tr[data-number='\(ticket)']"))
            try await page.goOffline(false)
            try await page.miss("#offline")
            try await page.see("tr[data-number='\(later)']")
            _ = page.complaints() // of the lost connection
        }
    }

    @Test("what a customer calls themselves is shown, never run")
    func scripts() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("<img src=x onerror=alert(1)>", .lead))
            let evil = "<script>alert(2)</script><img src=x onerror=alert(3)>"
            let ticket = try await world.ticket(evil)
            try await world.hear("</textarea><script>alert(4)</script>{{t.layout.skip}}", on: ticket)
            for path in ["/tickets?view=all", "/tickets/\(ticket)", "/account"] {
                try await page.goto(path)
                let shown = try await page.evaluate("document.body.innerText").string ?? ""
                #expect(path == "/account" || shown.contains(evil), "\(path)")
                #expect(try await page.evaluate("document.querySelectorAll('main img, main script').length") == 0)
            }
            #expect(page.dialogs == 0)
        }
    }
}
