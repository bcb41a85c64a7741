import Domain
import Testing

/// What an admin sets up.
@Suite struct AdminStories {
    @Test("an admin adds somebody, who can sign in; retired, they are out at the next click")
    func users() async throws {
        try await World.with { world in
            let admin = try await world.window(try await world.add("Ana Kranjc", .admin))
            try await admin.goto("/users")
            try await admin.fill("input[name=name]", "Piret <b>Tamm</b>")
            try await admin.fill("input[name=email]", world.address("piret"))
            try await admin.click(".option", "Lead")
            try await admin.fill("input[name=password]", "a long password")
            try await admin.visit("button", "Add")
            try await admin.see(".notice.good", "Piret <b>Tamm</b> is added.")

            let piret = try await world.window()
            try await piret.goto("/sign-in")
            try await piret.fill("input[name=email]", world.address("piret"))
            try await piret.fill("input[name=password]", "a long password")
            try await piret.visit("button.main")
            try await piret.goto("/account")
            try await piret.see("dd", "Lead")

            try await admin.visit("a.row", "Piret")
            try await admin.click("details.confirm > summary", "Retire")
            try await admin.visit("button.bad", "Retire")
            try await admin.see("tr.off", "Piret")
            try await piret.reload()
            try await piret.see("h1", "Sign in")
        }
    }

    @Test("a token is shown once and retired; a reason is added; the audit tells of both, and a filter finds them")
    func tokensAndReasons() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .admin))
            try await page.goto("/tokens")
            try await page.fill("input[name=label]", "books")
            try await page.click(".option", "balance:read")
            try await page.visit("button", "Create")
            #expect(try await page.text("code.secret").hasPrefix("sm_"))
            try await page.goto("/tokens")
            #expect(try await page.has("code.secret") == false)
            try await page.click("details.confirm > summary", "Retire")
            try await page.visit("button.bad", "Retire the token")
            try await page.see("tr.off", "books")

            try await page.goto("/reasons")
            try await page.fill("input[name=reason]", "late-reply")
            try await page.visit("button", "Add")
            try await page.see("td", "late-reply")

            try await page.goto("/audit")
            try await page.see("td", "reason.add")
            try await page.see("td", "token.retire")
            try await page.fill("input[name=action]", "reason.add")
            try await page.visit("button", "Filter")
            #expect(try await page.has("td", "token.retire") == false)
            #expect(try await page.has("td", "late-reply"))
        }
    }

    @Test("an agent is shown no admin's page, and is told why when they know its address")
    func notForAgents() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Piret Tamm", .agent))
            try await page.goto("/account")
            for path in ["/users", "/tokens", "/reasons", "/audit"] {
                #expect(try await page.has(".nav a[href='\(path)']") == false)
                try await page.goto(path)
                try await page.see("h1", "You may not do this")
            }
            try await page.goto("/nowhere")
            try await page.see("h1", "Nothing lives here")
        }
    }
}
