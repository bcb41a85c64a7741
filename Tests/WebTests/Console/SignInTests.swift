import Domain
import Foundation
import TestSupport
import Testing

@testable import Store
@testable import Web

@Suite struct SignInTests {
    @Test("whoever signs in is led back to the page that they asked for, and is out again after signing out")
    func story() async throws {
        try await WebServer.with { server in
            _ = try await TestStaff.add(.admin, "ana@example.test", to: server.shop)
            let browser = Browser(server)
            let sent = try await browser.get("/users?x=1")
            #expect(sent.status == 303 && sent.header("location") == "/sign-in?return=/users%3Fx%3D1")
            let form = try await browser.get("/sign-in?return=/users%3Fx%3D1")
            #expect(form.status == 200 && form.text.contains(#"name="return" value="/users?x=1""#))
            let answer = try await browser.signIn(" Ana@Example.test ", back: "/users?x=1")
            #expect(answer.status == 303 && answer.header("location") == "/users?x=1")
            #expect(try await browser.get("/users?x=1").text.contains("ana@example.test"))
            #expect(try await browser.get("/sign-in").header("location") == Console.home)
            let old = try #require(browser.session)
            #expect(try await browser.post("/sign-out").header("location") == "/sign-in")
            #expect(try await browser.get("/sign-in").text.contains("You are signed out."))
            browser.set("supportmeter_session", old)
            #expect(try await browser.get("/users").status == 303)
        }
    }

    @Test("an unknown address, a wrong password and a retired person are refused in the same words")
    func sameWords() async throws {
        try await WebServer.with { server in
            _ = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            _ = try await TestStaff.add(.agent, "old@example.test", to: server.shop)
            _ = try await server.store.retireUser("old@example.test", in: server.shop.id, by: .commandLine).get()
            for (email, password) in [("ana@example.test", "wrong horse"), ("nobody@example.test", TestStaff.password), ("old@example.test", TestStaff.password)] {
                let answer = try await Browser(server).signIn(email, password)
                #expect(answer.status == 401 && answer.text.contains("This address and password do not match."), "\(email)")
            }
            #expect(!server.log.text.contains("horse") && !server.log.text.contains("ana@"))
        }
    }

    @Test("after five failures an account waits, ever longer, in every daemon; the right password waits too, and then clears the slate")
    func slowDown() async throws {
        try await WebServer.with { server in
            _ = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = Browser(server)
            for _ in 0..<5 { #expect(try await browser.signIn("ana@example.test", "wrong horse").status == 401) }
            let told = try await browser.signIn("ana@example.test")
            #expect(told.status == 429 && told.header("retry-after") == "1" && told.text.contains("wait 1 second and"))
            let other = Store(pool: server.shop.test.database.pool, logger: TestServer.logger) { server.shop.clock.now }
            guard case .wait = try await other.signIn(email: "ana@example.test", password: SecretText(TestStaff.password), from: "192.0.2.9") else {
                Issue.record("another daemon does not wait")
                return
            }
            server.shop.clock.advance(seconds: 1)
            #expect(try await browser.signIn("ana@example.test", "wrong horse").status == 401)
            #expect(try await browser.signIn("ana@example.test").header("retry-after") == "2")
            server.shop.clock.advance(seconds: 2)
            #expect(try await browser.signIn("ana@example.test").status == 303)
            #expect(try await Browser(server).signIn("ana@example.test", "wrong horse").status == 401)
        }
    }

    @Test("an unknown account is slowed down like any other, and so is an address that tries many")
    func slowAddress() async throws {
        try await TestStore.with { test in
            // Counted as sign-in counts, without the costly check of a password that nobody has.
            func attempt(_ email: String, _ address: String) async throws -> Int? {
                let (names, now) = ([SignInName(.account, email), SignInName(.address, address)], test.clock.now)
                return try await test.database.pool.transaction { try SignInName.count($0, names, now: now) }
            }
            var waits: [Int?] = []
            for number in 0..<SignInPace.address.freeMax { waits.append(try await attempt("u\(number % 4)@example.test", "192.0.2.7")) }
            waits.append(try await attempt("new@example.test", "192.0.2.7"))
            waits.append(try await attempt("u1@example.test", "192.0.2.8"))
            waits.append(try await attempt("new@example.test", "192.0.2.8"))
            #expect(waits == Array(repeating: nil, count: SignInPace.address.freeMax) + [1, 1, nil])
            #expect(SignInPace.account.waitSeconds(afterAttempts: 40) == 300 && SignInPace.address.waitSeconds(afterAttempts: 4000) == 900)
        }
    }

    @Test("a planted session or guest cookie is worth nothing after signing in: the cookie is always a new one")
    func fixation() async throws {
        try await WebServer.with { server in
            _ = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let mallory = try await TestStaff.add(.agent, "mallory@example.test", to: server.shop)
            let planted = try await server.store.openSession(of: mallory, browser: "", address: "").value
            for cookie in [planted, "\(server.shop.id).planted"] {
                let browser = Browser(server)
                browser.set("supportmeter_session", cookie)
                _ = try await browser.get("/account")
                if browser.token.isEmpty { _ = try await browser.get("/sign-in") }
                let answer = try await browser.post("/sign-in", [("email", "ana@example.test"), ("password", TestStaff.password)])
                #expect(answer.status == 303 && browser.session != cookie)
                #expect(try await browser.get("/account").text.contains("ana@example.test"))
                #expect(try await server.store.visitor(cookie: cookie) == nil)
            }
        }
    }

    @Test("who works at many shops is checked with one derivation, as who works at none; salts that differ are united once the password is right")
    func constantWork() async throws {
        try await TestStore.with { test in
            let store = test.store
            func hashes() async throws -> [String] {
                try await test.database.pool.read { try $0.query("SELECT password_hash FROM staff ORDER BY shop_id") { try $0.next(String.self) } }
            }
            func recipes() async throws -> Set<PasswordHash.Recipe?> { Set(try await hashes().map(PasswordHash.recipe)) }
            let (email, password) = ("ana@example.test", SecretText(TestStaff.password))
            for slug in ["one", "two"] {
                let shop = try await TestShop.add(to: test, slug: slug)
                _ = try await store.addUser(email: email, name: "Ana", role: .agent, password: password, to: shop.id, by: .commandLine).get()
            }
            let other = try await TestShop.add(to: test, slug: "three")
            _ = try await store.addUser(email: email, name: "Ana", role: .agent, password: SecretText("another password"), to: other.id, by: .commandLine).get()
            #expect(try await recipes().count == 1)
            _ = try await store.setUser(email, StaffChange(password: SecretText("a third password")), in: other.id, by: .commandLine).get()
            #expect(try await recipes().count == 1)
            guard case .several(let staff) = try await store.signIn(email: email, password: password, from: "192.0.2.1") else {
                Issue.record("not both shops")
                return
            }
            #expect(staff.count == 2)
            // As it was kept before salts were shared.
            let old = try await PasswordHash.make(TestStaff.password)
            try await test.database.pool.transaction { connection in
                _ = try connection.execute("UPDATE staff SET password_hash = \(old) WHERE shop_id = \(staff[1].shop.rawValue)::bigint")
            }
            #expect(try await recipes().count == 2)
            _ = try await store.signIn(email: email, password: password, from: "192.0.2.1")
            #expect(try await recipes().count == 1)
            let cheap = "scrypt$16$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$LYtM8Mh+uD5qDLQWvjcUOTNEVL2STXzMHwI4lieKYvI="
            #expect(try await PasswordHash.verify("correct horse battery", [cheap, "nonsense", "scrypt$16$8$1$MDEyMzQ1Njc4OWFiY2RlZg==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]) == [true, false, false])
        }
    }

    @Test("attempts are counted by IPv4 address, and by the 64 bits of IPv6 that one subscriber has")
    func networkPart() {
        for (address, part) in [
            ("192.0.2.7", "192.0.2.7"), ("2001:db8:1:2::7", "2001:db8:1:2::/64"), ("2001:0DB8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
            ("2001:db8:1:3::7", "2001:db8:1:3::/64"), ("::1", "0:0:0:0::/64"), ("::ffff:192.0.2.7", "192.0.2.7"), ("::ffff:c000:207", "192.0.2.7"),
            ("fe80::1%eth0", "fe80:0:0:0::/64"), ("2001:db8::1:2:3:4:5:6:7", "2001:db8::1:2:3:4:5:6:7"), ("1::2::3", "1::2::3"), ("unknown", "unknown"), ("", ""),
            (":", ":"), ("12345::", "12345::"),
        ] { #expect(NetworkPart.of(address) == part, "\(address)") }
    }

    @Test("with one address at several shops the shop is asked for after the password, unless the form names it")
    func severalShops() async throws {
        try await WebServer.with { server in
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            _ = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            _ = try await TestStaff.add(.admin, "ana@example.test", to: other)
            let browser = Browser(server)
            #expect(try await browser.signIn("ana@example.test", "wrong horse").status == 401)
            #expect(try await browser.signIn("ana@example.test", back: "/users").header("location") == "/choose-shop?return=/users")
            #expect(browser.session == nil)
            let page = try await browser.get("/choose-shop?return=/users")
            #expect(page.text.contains(#"value="other""#) && page.text.contains(#"value="demo""#))
            #expect(try await browser.post("/choose-shop", [("shop", "third")]).header("location") == "/sign-in")
            let chosen = try await browser.post("/choose-shop", [("shop", "other"), ("return", "/users")])
            #expect(chosen.header("location") == "/users")
            #expect(try await browser.get("/users").status == 200)
            let named = Browser(server)
            #expect(try await named.signIn("ana@example.test", shop: "demo").header("location") == Console.home)
            #expect(try await named.get("/users").status == 403)
            #expect(try await Browser(server).signIn("ana@example.test", shop: "third").status == 401)
        }
    }

    @Test("after signing in only addresses on this server are gone to")
    func openRedirect() async throws {
        for bad in [
            "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example", "evil", "",
            "/%0d%0a x", "/ok\r\nSet-Cookie: a=b", "/é",
        ] { #expect(LocalPath.checked(bad) == nil, "\(bad)") }
        #expect(LocalPath.checked("/users?x=%2F%2Fevil") == "/users?x=%2F%2Fevil")
        try await WebServer.with { server in
            _ = try await TestStaff.add(.agent, "ana@example.test", to: server.shop)
            let browser = Browser(server)
            #expect(try await browser.get("/sign-in?return=//evil.example").text.contains("\"//evil") == false)
            #expect(try await browser.signIn("ana@example.test", back: "//evil.example").header("location") == Console.home)
            #expect(try await browser.get("/sign-in?return=https://evil.example").header("location") == Console.home)
            _ = try await browser.get("/account")
            #expect(try await browser.post("/language", [("language", "sl"), ("return", "//evil.example")]).header("location") == Console.home)
        }
    }
}
