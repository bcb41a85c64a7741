import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct AdminPageTests {
    @Test("an admin adds somebody, changes, resets and retires them; each change is in the audit and signs them out")
    func users() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            let wrong = try await admin.post("/users", [("name", "Piret"), ("email", "piret"), ("role", "agent"), ("password", "a long password")])
            #expect(wrong.status == 422 && wrong.text.contains("Enter an e-mail address") && wrong.text.contains("value=\"Piret\""))
            let added = try await admin.post(
                "/users", [("name", "Piret"), ("email", "piret@example.test"), ("role", "agent"), ("password", "a long password")])
            #expect(added.header("location") == "/users")
            #expect(try await admin.get("/users").text.contains("Piret is added."))
            #expect(try await admin.get("/users").text.contains("Piret is added.") == false)
            let piret = try #require(try await server.store.users(of: server.shop.id).first { $0.name == "Piret" })
            let theirs = try await server.browser(piret)
            #expect(try await admin.get("/users/\(piret.id)").text.contains("piret@example.test"))
            #expect(try await admin.post("/users/\(piret.id)", [("name", "Piret T"), ("role", "lead")]).status == 303)
            #expect(try await theirs.get("/account").status == 303)
            #expect(try await admin.post("/users/\(piret.id)/password", [("password", "short")]).status == 422)
            #expect(try await admin.post("/users/\(piret.id)/retire").status == 303)
            #expect(try await admin.post("/users/\(piret.id)/password", [("password", "a new password")]).status == 422)
            #expect(try await admin.get("/users").text.contains("retired"))
            #expect(try await admin.post("/users/\(piret.id)", [("name", "Piret T"), ("role", "agent")]).status == 303)
            #expect(try await server.store.user(piret.id, in: server.shop.id)?.isRetired == false)
            let audit = try await admin.get("/audit").text
            for action in ["user.add", "user.set", "user.retire", "user.sign-in"] { #expect(audit.contains(">\(action)<"), "\(action)") }
            #expect(!audit.contains("a long password"))
        }
    }

    @Test("nobody retires themselves or changes their own role, so a shop keeps an admin")
    func yourself() async throws {
        try await WebServer.with { server in
            let ana = try await TestStaff.add(.admin, "ana@example.test", to: server.shop)
            let admin = try await server.browser(ana)
            #expect(try await admin.post("/users/\(ana.id)/retire").status == 422)
            #expect(try await admin.post("/users/\(ana.id)", [("name", "Ana"), ("role", "agent")]).status == 422)
            #expect(try await admin.post("/users/\(ana.id)", [("name", "Ana B"), ("role", "admin")]).status == 303)
            #expect(try await admin.get("/account").text.contains("Ana B"))
        }
    }

    @Test("a token is shown once, works, and is refused once it is retired")
    func tokens() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            #expect(try await admin.post("/tokens", [("label", "books")]).status == 422)
            let made = try await admin.post("/tokens", [("label", "books"), ("scope", "balance:read"), ("scope", "report:read")])
            let start = try #require(made.text.range(of: "sm_"))
            let token = String(made.text[start.lowerBound...].prefix { $0 != "<" })
            #expect(try await server.get("/api/v1/tickets", token: token).status == 200)
            let list = try await admin.get("/tokens").text
            #expect(!list.contains(token) && list.contains("books") && list.contains("balance:read, report:read"))
            let id = try #require(try await server.store.tokens(of: server.shop.id).first { $0.label == "books" }).id
            #expect(try await admin.post("/tokens/\(id)/retire").status == 303)
            #expect(try await server.get("/api/v1/tickets", token: token).status == 401)
        }
    }

    @Test("reasons are added, retired and brought back; built-in ones stay")
    func reasons() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            func own() async throws -> [Reason] { try await server.shop.shop().reasons.filter { !Reason.builtIn.contains($0) } }
            #expect(try await admin.post("/reasons", [("reason", "Late Reply")]).status == 422)
            #expect(try await admin.post("/reasons", [("reason", "goodwill")]).status == 422)
            #expect(try await admin.post("/reasons", [("reason", "late-reply")]).status == 303)
            #expect(try await admin.post("/reasons", [("reason", "late-reply")]).text.contains("late-reply is there already."))
            #expect(try await own().map(\.rawValue) == ["late-reply"])
            #expect(try await admin.post("/reasons/late-reply/retire").status == 303)
            #expect(try await own().isEmpty)
            #expect(try await admin.post("/reasons/goodwill/retire").status == 404)
            #expect(try await admin.post("/reasons", [("reason", "late-reply")]).status == 303)
            #expect(try await own().count == 1)
        }
    }

    @Test("the audit pages by cursor without a gap or a repeat, and filters by who and what")
    func audit() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            for number in 0..<120 { _ = try await server.store.addReason("r\(number)", to: server.shop.id, by: .commandLine).get() }
            var (path, seen, pages): (String?, [String], Int) = ("/audit?action=reason.add", [], 0)
            while let next = path {
                let text = try await admin.get(next).text
                pages += 1
                seen += text.components(separatedBy: "<td>r").dropFirst().map { String($0.prefix { $0 != "<" }) }
                path = text.range(of: "rel=\"next\" href=\"").map { range in
                    String(text[range.upperBound...].prefix { $0 != "\"" }).replacing("&amp;", with: "&")
                }
            }
            #expect(pages == 3 && seen == (0..<120).reversed().map(String.init))
            #expect(try await admin.get("/audit?actor=admin@example.test").text.contains("user.sign-in"))
            #expect(try await admin.get("/audit?actor=nobody").text.contains("Nothing here"))
            #expect(try await admin.get("/audit?after=nonsense").status == 422)
        }
    }
}
