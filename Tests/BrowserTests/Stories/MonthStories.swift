import Domain
import Foundation
import Store
import Testing

/// A month is closed, and opened again.
@Suite struct MonthStories {
    private static func address(_ month: CivilDay) -> String { "/reports?from=\(month)&through=\(MonthRules.next(after: month).adding(days: -1))" }

    @Test("finance goes from a month that adds up to closing it, with a note; an admin opens it again; everybody is told loudly; it is closed once more")
    func closeAndReopen() async throws {
        try await World.with { world in
            let month = try await world.month(back: 1)
            let (code, address) = (String(month.description.prefix(7)), Self.address(month))
            try await world.live(in: month, order: 9_001)
            let finance = try await world.window(try await world.add("Fina Novak", .finance))
            let admin = try await world.window(try await world.add("Ana Kranjc", .admin))
            let lead = try await world.window(try await world.add("Lea Novak", .lead))

            try await finance.goto(address)
            try await finance.see("#footing .notice.good", "It adds up")
            try await finance.visit("#footing a.button", "Close ")
            try await finance.fill("#m\(code) textarea[name=note]", "Bank and <b>shop</b> agree.")
            try await finance.visit("#m\(code) button.main")
            try await finance.see(".toast, .notice.good", "is closed.")
            try await finance.see("#m\(code) .badge.good", "closed")
            try await finance.see("#m\(code)", "Bank and <b>shop</b> agree.")
            #expect(try await finance.has("#m\(code) form") == false)
            try await finance.goto(address)
            try await finance.see("#final", "these figures are final")
            #expect(try await finance.has("#footing a.button") == false)

            try await admin.goto("/reports/months")
            try await admin.click("#m\(code) details.confirm > summary")
            try await admin.fill("#m\(code) textarea[name=note]", "A refund was missing.")
            try await admin.visit("#m\(code) button.bad")
            try await admin.see("#m\(code) .badge.bad", "opened again")
            try await admin.see("#m\(code) .loud", "A refund was missing.")
            for page in [finance, lead] {
                try await page.goto(address)
                try await page.see(".notice.bad strong", "OPENED AGAIN")
                #expect(try await page.has("#final") == false)
            }
            #expect(try await lead.has("#footing a.button") == false)

            try await finance.visit("#footing a.button", "Close ")
            try await finance.fill("#m\(code) textarea[name=note]", "Now it is there.")
            try await finance.visit("#m\(code) button.main")
            try await finance.see("#m\(code) .badge.good", "closed")
            try await lead.goto("/reports/months")
            try await lead.see("#m\(code)", "A refund was missing.")
            #expect(try await lead.has("textarea") == false)
        }
    }

    @Test("an agent is told that they have no permission, at the page of months and at the files too")
    func noPermission() async throws {
        try await World.with { world in
            let month = try await world.month(back: 1)
            try await world.live(in: month, order: 9_001)
            let page = try await world.window(try await world.add("Piret Tamm", .agent))
            for path in ["/reports/months", Self.address(month), "/reports/files/entries/csv"] {
                try await page.goto(path)
                try await page.see("h1", "You may not do this")
                try await page.see("p", "Your role (Agent) does not allow this.")
                #expect(try await page.has("table") == false)
            }
        }
    }
}
