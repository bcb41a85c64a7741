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
