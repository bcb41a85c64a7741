import Domain
import Foundation
import Postgres
import Store
import TestSupport
import Testing

@Suite struct AdminStaffTests {
    @Test("a password is kept as scrypt with its parameters and its own salt, and only the right one signs in")
    func passwords() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let password = SecretText("correct horse battery")
            for email in ["ana@example.com", "Bojan@Example.com "] {
                _ = try await test.store.addUser(email: email, name: "A", role: .lead, password: password, to: shop.id, by: .commandLine).get()
            }
            let kept = try await test.database.pool.read { connection in
                try connection.query("SELECT password_hash FROM staff ORDER BY email") { try $0.next(String.self) }
            }
            #expect(kept.allSatisfy { $0.hasPrefix("scrypt$32768$8$3$") } && kept[0] != kept[1])
            let staff = try await test.store.signIn(email: " BOJAN@example.com", password: password, shop: shop.id)
            #expect(staff?.caller == .user("bojan@example.com", role: .lead))
            #expect(try await test.store.signIn(email: "ana@example.com", password: SecretText("correct horse batterz"), shop: shop.id) == nil)
            #expect(try await test.store.signIn(email: "nobody@example.com", password: password, shop: shop.id) == nil)
            _ = try await test.store.retireUser("ana@example.com", in: shop.id, by: .commandLine).get()
            #expect(try await test.store.signIn(email: "ana@example.com", password: password, shop: shop.id) == nil)
            let change = StaffChange(role: .admin, password: SecretText("another password"))
            #expect(try await test.store.setUser("ana@example.com", change, in: shop.id, by: .commandLine).get().role == .admin)
            #expect(try await test.store.signIn(email: "ana@example.com", password: SecretText("another password"), shop: shop.id) != nil)
        }
    }

    @Test("staff of one shop cannot sign in at another, and only admins administer")
    func walls() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let other = try await TestShop.add(to: test, slug: "other")
            let password = SecretText("correct horse battery")
            _ = try await test.store.addUser(email: "a@b.c", name: "A", role: .agent, password: password, to: shop.id, by: .commandLine).get()
            #expect(try await test.store.signIn(email: "a@b.c", password: password, shop: other.id) == nil)
            let lead = Caller.user("lead@b.c", role: .lead)
            let refused = try await test.store.addUser(email: "x@b.c", name: "X", role: .admin, password: password, to: shop.id, by: lead)
            #expect(refused == .failure(.notPermitted(role: .lead, permission: .manageAccess)))
            let twice = try await test.store.addUser(email: "A@B.C", name: "A", role: .agent, password: password, to: shop.id, by: .commandLine)
            #expect(twice == .failure(.alreadyThere(what: "user", name: "a@b.c")))
        }
    }

    @Test("a token is stored as its hash, belongs to its shop, and is refused once it is retired")
    func tokens() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let made = try await test.store.createToken(scopes: [.usageWrite], label: "books", for: shop.id, by: .commandLine).get()
            #expect(made.text.value.hasPrefix("sm_") && made.text.value.utf8.count == 46)
            let rows = try await test.database.pool.read { connection in
                try connection.query("SELECT t::text FROM token t") { try $0.next(String.self) }.joined()
            }
            #expect(!rows.contains(made.text.value))
            let whose = try await test.store.authenticate(token: made.text.value)
            #expect(whose?.shop == shop.id && whose?.caller == .token("books", scopes: [.usageWrite]))
            #expect(try await test.store.authenticate(token: made.text.value + "x") == nil)
            #expect(try await test.store.authenticate(token: "") == nil)
            #expect(try await test.store.authenticate(token: "sm_" + String(repeating: "a", count: 1000)) == nil)
            _ = try await test.store.retireToken(made.token.id, in: shop.id, by: .commandLine).get()
            #expect(try await test.store.authenticate(token: made.text.value) == nil)
        }
    }
}
