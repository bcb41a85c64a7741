import Domain
import Testing

/// Coming in, going out, and what stands around every page.
@Suite struct SignInStories {
    @Test("an agent mistypes the password, is told so, signs in, lands where they were going, and leaves")
    func comeAndGo() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .admin)
            let page = try await world.window()
            try await page.goto("/users")
            try await page.see("h1", "Sign in")
            try await page.fill("input[name=email]", ana.email)
            try await page.fill("input[name=password]", "wrong horse")
            try await page.follow { try await page.press("Enter") }
            let told = try await page.text("[role=alert]")
            #expect(told.contains("do not match"))
            #expect(try await page.value("input[name=email]") == ana.email)
            try await page.fill("input[name=password]", World.password)
            try await page.visit("button.main", "Sign in")
            #expect(try await page.path == "/users")
            try await page.see("h1", "Users")
            try await page.click("details.menu > summary")
            try await page.visit(".menu-box button", "Sign out")
            try await page.see(".notice", "You are signed out.")
            try await page.goto("/users")
            try await page.see("h1", "Sign in")
        }
    }

    @Test("signing out everywhere ends the session of the other browser too")
    func everywhere() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .agent)
            let (here, there) = (try await world.window(ana), try await world.window(ana))
            try await there.goto("/account")
            try await there.see("h1", "Your account")
            try await here.goto("/account")
            try await here.see("td", "this one")
            try await here.visit("button", "Sign out everywhere")
            try await here.see(".notice", "You are signed out everywhere.")
            try await there.reload()
            try await there.see("h1", "Sign in")
        }
    }

    @Test("a language is chosen in the menu, holds, and is there again at the next sign-in")
    func language() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .agent)
            let page = try await world.window(ana)
            try await page.goto("/account")
            for (language, title) in [("sl", "Vaš račun"), ("et", "Teie konto"), ("pl", "konto"), ("ru", "учётная запись"), ("en", "Your account")] {
                try await page.click("details.menu > summary")
                try await page.visit(".menu-box button[lang=\(language)]")
                #expect(try await page.evaluate("document.documentElement.lang").string == language)
                let heading = try await page.text("h1")
                #expect(heading.localizedCaseInsensitiveContains(title), "\(language): \(heading)")
            }
            try await page.click("details.menu > summary")
            try await page.visit(".menu-box button[lang=ru]")
            let other = try await world.window(ana)
            try await other.goto("/account")
            #expect(try await other.evaluate("document.documentElement.lang").string == "ru")
        }
    }

    @Test("a password is changed in the account; the old one no longer lets in")
    func password() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .agent)
            let page = try await world.window(ana)
            try await page.goto("/account")
            try await page.fill("input[name=old]", World.password)
            try await page.fill("input[name=new]", "stable battery staple")
            try await page.fill("input[name=again]", "stable battery staple")
            try await page.visit("button", "Change password")
            try await page.see(".notice.good", "Your password is changed")
            let other = try await world.window()
            for (password, title) in [(World.password, "Sign in"), ("stable battery staple", "")] {
                try await other.goto("/sign-in")
                try await other.fill("input[name=email]", ana.email)
                try await other.fill("input[name=password]", password)
                try await other.visit("button.main", "Sign in")
                #expect(try await other.has("h1", "Sign in") == !title.isEmpty)
            }
        }
    }

    @Test("without scripts one signs in, changes the language and signs out just the same")
    func withoutScripts() async throws {
        try await World.with { world in
            let ana = try await world.add("Ana Kranjc", .agent)
            let page = try await world.window()
            try await page.runScripts(false)
            try await page.goto("/sign-in")
            try await page.fill("input[name=email]", ana.email)
            try await page.fill("input[name=password]", World.password)
            try await page.visit("button.main")
            try await page.goto("/account")
            #expect(try await page.has("h1", "Your account"))
            #expect(try await page.has("html.scripted") == false)
            try await page.click("details.menu > summary")
            try await page.visit(".menu-box button[lang=sl]")
            #expect(try await page.has("h1", "Vaš račun"))
            try await page.click("details.menu > summary")
            try await page.visit(".menu-box form[action='/sign-out'] button")
            #expect(try await page.has("form[action='/sign-in']"))
        }
    }

    @Test("the sheet of keys opens with ?, not while typing, closes with Escape; Tab begins at the way past the navigation")
    func keys() async throws {
        try await World.with { world in
            let page = try await world.window(try await world.add("Ana Kranjc", .agent))
            try await page.goto("/account")
            try await page.press("?")
            try await page.see("dialog#keys[open]", "Keyboard shortcuts")
            try await page.press("Escape")
            try await page.miss("dialog#keys[open]")
            try await page.click("input[name=old]")
            try await page.press("?")
            #expect(try await page.has("dialog#keys[open]") == false)
            #expect(try await page.value("input[name=old]") == "?")
            try await page.goto("/account")
            try await page.press("Tab")
            #expect(try await page.evaluate("document.activeElement.className").string == "skip")
            try await page.press("Enter")
            #expect(try await page.evaluate("document.activeElement.id").string == "main")
        }
    }
}
