import Domain
import Foundation
import Store
import Testing

/// Month's end, as a bookkeeper meets it.
@Suite struct ReportStories {
    @Test("a bookkeeper sees that the month adds up, opens a chart's table, takes a file and sees that it arrived")
    func month() async throws {
        try await World.with { world in
            let ticket = try await world.ticket(quantity: 2)
            try await world.leave(7, on: ticket)
            let page = try await world.window(try await world.add("Fina Novak", .finance))
            try await page.goto("/tickets")
            try await page.visit(".nav a", "Reports")
            try await page.see("#footing .notice.good", "It adds up")
            try await page.see(".tile", "€98.00")
            try await page.click(".chart-card details > summary")
            try await page.see(".chart-card details[open] td", "3")
            try await page.click("#files a", "CSV")
            try await page.see(".file-state", "Saved.")
            try await page.visit(".quick a", "Last year")
            try await page.see(".empty", "Nothing in this period")
            #expect(try await page.evaluate("new URLSearchParams(location.search).get('from').endsWith('-01-01')") == true)
        }
    }

    @Test("a large file tells how much of it has come; it can be given up, and taken again")
    func large() async throws {
        try await World.with { world in
            try await world.fillLedger(try await world.ticket(), usages: 30_000)
            let page = try await world.window(try await world.add("Fina Novak", .finance))
            try await page.goto("/reports")
            try await page.see("#footing .notice.good", "It adds up")
            try await page.slowDown(1_000_000)
            try await page.click("#files a[href*='/files/entries/csv?']")
            try await page.see(".file-state", "MB so far")
            try await page.click(".file-state button", "Cancel")
            try await page.miss(".file-state")
            try await page.slowDown(nil)
            try await page.click("#files a[href*='/files/entries/csv?']")
            try await page.see(".file-state", "Saved.")
        }
    }

    @Test("a bookkeeper asks for one agent, sees his usage alone with the files that are of it, and clears the filter again")
    func ofAgent() async throws {
        try await World.with { world in
            let ticket = try await world.ticket(quantity: 2)
            let agent = try await world.add("Ana Kranjc", .agent)
            #expect(try await world.shop.spend(ticket, "email", 3, by: agent.caller).isSuccess)
            #expect(try await world.shop.spend(ticket, "sms", 1).isSuccess)
            let page = try await world.window(try await world.add("Fina Novak", .finance))
            try await page.goto("/reports")
            #expect(try await page.evaluate("[...document.querySelectorAll('#agents option')].some(o => o.value === '\(agent.email)')") == true)
            try await page.fill("input[name=agent]", agent.email)
            try await page.visit(".filters button.main")
            try await page.see("#agent-about", agent.email)
            try await page.see(".tile", "€9.80")
            try await page.see("#agent-usage td", "3")
            #expect(try await page.evaluate("document.querySelectorAll('#footing, #chart-owed').length === 0") == true)
            #expect(try await page.evaluate("document.querySelectorAll('.file-list li').length === 3") == true)
            try await page.click("#files a[href*='/files/entries/csv?']")
            try await page.see(".file-state", "Saved.")
            try await page.visit(".filters a", "Clear")
            try await page.see("#footing .notice.good", "It adds up")
        }
    }

    @Test("a customer's statement opens with what was there and closes with what is there")
    func statement() async throws {
        try await World.with { world in
            let ticket = try await world.live(in: try await world.month(back: 1), order: 9_100)
            #expect(try await world.shop.spend(ticket, "email", 1).isSuccess)
            let page = try await world.window(try await world.add("Fina Novak", .finance))
            try await page.goto("/tickets/\(ticket)")
            try await page.visit("a", "Statement")
            try await page.see("#statement .sum", "Opening balance")
            try await page.see("#statement #closing .sum", "Closing balance")
            #expect(try await page.evaluate("document.querySelector('#closing td:nth-child(6)').textContent === '12'") == true)
        }
    }

    @Test("an agent has no way to the reports, and is told so at their address")
    func agent() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            try await page.goto("/tickets")
            #expect(try await page.evaluate("document.querySelector('.nav a[href=\"/reports\"]') === null") == true)
            try await page.goto("/reports")
            try await page.see("h1", "You may not do this")
        }
    }
}
