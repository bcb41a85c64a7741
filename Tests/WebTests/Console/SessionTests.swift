import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct SessionTests {
    @Test("a session ends with idleness, with age, and when its owner is retired or given another role or password")
    func ends() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: shop)
            func open() async throws -> String { try await test.store.openSession(of: ana, browser: "", address: "").value }
            func lives(_ cookie: String) async throws -> Bool { try await test.store.visitor(cookie: cookie) != nil }
            func set(_ change: StaffChange) async throws {
                _ = try await test.store.setUser("ana@example.test", change, in: shop.id, by: .commandLine).get()
            }
            var cookie = try await open()
            test.clock.advance(seconds: SessionLimits.idleSecondsMax - 1)
            #expect(try await lives(cookie))
            test.clock.advance(seconds: SessionLimits.idleSecondsMax - 1)
            #expect(try await lives(cookie))
            test.clock.advance(seconds: SessionLimits.idleSecondsMax)
            #expect(try await !lives(cookie))
            cookie = try await open()
            for _ in 0..<28 {
                test.clock.advance(seconds: SessionLimits.idleSecondsMax - 600)
                _ = try await lives(cookie)
            }
            test.clock.advance(seconds: 28 * 600)
            #expect(try await !lives(cookie))
            cookie = try await open()
            try await set(StaffChange(name: "Ana B", role: .agent, language: "sl"))
            #expect(try await lives(cookie))
            try await set(StaffChange(role: .lead))
            #expect(try await !lives(cookie))
            cookie = try await open()
            try await set(StaffChange(password: SecretText("another password")))
            #expect(try await !lives(cookie))
            cookie = try await open()
            _ = try await test.store.retireUser("ana@example.test", in: shop.id, by: .commandLine).get()
            #expect(try await !lives(cookie))
            for wrong in ["", "x", "1.x", "\(shop.id).", "999.\(cookie)", String(repeating: "1", count: 5000)] { #expect(try await !lives(wrong)) }
        }
    }

    @Test("nothing that a browser shows is stored, and what is over is pruned")
    func kept() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: shop)
            let cookie = try await test.store.openSession(of: ana, browser: String(repeating: "é", count: 500), address: "a\u{0}b").value
            _ = try await test.store.offerShops([ana])
            _ = try await test.store.signIn(email: "ana@example.test", password: SecretText("x"), from: "192.0.2.1")
            let rows = try await test.database.pool.read { connection in
                try connection.query("SELECT s::text || (SELECT string_agg(f::text, '') FROM sign_in_failure f) FROM session s") { try $0.next(String.self) }
            }.joined()
            #expect(!rows.contains(cookie.suffix(20)) && !rows.contains("ana@") && !rows.contains("192.0.2.1"))
            for retention in [Retention.sessions, .shopChoices, .signInFailures] { #expect(try await test.store.deleteExpired(retention) == 0) }
            test.clock.advance(seconds: 86_401)
            #expect(try await test.store.deleteExpired(.sessions) == 1)
            #expect(try await test.store.deleteExpired(.shopChoices) == 1)
            #expect(try await test.store.deleteExpired(.signInFailures) == 2)
        }
    }

    @Test("one sees where one is signed in, ends one of them, and all of them; nobody ends another's")
    func list() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let (here, there) = (try await server.browser(ana), try await server.browser(ana))
            let stranger = try await server.browser(.agent, "b@example.test")
            let page = try await here.get("/account").text
            #expect(page.contains("Firefox, Linux") && page.contains("192.0.2.1") && page.contains("this one"))
            let sessions = try await server.store.sessions(of: ana.id, in: server.shop.id)
            let other = try #require(sessions.first { session in page.contains("/account/sessions/\(session.id)/end") })
            #expect(try await stranger.post("/account/sessions/\(other.id)/end").status == 404)
            #expect(try await here.post("/account/sessions/\(other.id)/end").status == 303)
            #expect(try await there.get("/account").status == 303)
            let third = try await server.browser(ana)
            #expect(try await here.post("/account/sign-out-everywhere").header("location") == "/sign-in")
            #expect(try await third.get("/account").status == 303)
            #expect(try await stranger.get("/account").status == 200)
        }
    }

    @Test("a changed password needs the old one and twice the new one, ends every other session and keeps this browser under a new cookie")
    func password() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let (here, there) = (try await server.browser(ana), try await server.browser(ana))
            let old = here.session
            func change(_ fields: [(String, String)]) async throws -> WebAnswer { try await here.post("/account/password", fields) }
            let right = TestStaff.password
            #expect(try await change([("old", right), ("new", "a new password"), ("again", "another")]).status == 422)
            #expect(try await change([("old", right), ("new", "short"), ("again", "short")]).text.contains("8 to 200 characters"))
            #expect(try await change([("old", "wrong horse"), ("new", "a new password"), ("again", "a new password")]).status == 422)
            #expect(try await here.get("/account").status == 200)
            #expect(try await change([("old", right), ("new", "a new password"), ("again", "a new password")]).status == 303)
            #expect(here.session != old)
            #expect(try await here.get("/account").text.contains("Your password is changed."))
            #expect(try await there.get("/account").status == 303)
        }
    }
}
