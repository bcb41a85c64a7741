import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct PageAccessTests {
    @Test("every page and form lets in the roles that may, and tells the others so with 403; nobody gets in without a session", arguments: Role.allCases)
    func roles(_ role: Role) async throws {
        try await WebServer.with { server in
            let staff = try await TestStaff.add(role, "ana@example.test", to: server.shop)
            var denied = 0
            for route in PageRoutes.all {
                guard case .signedIn(let permission, _) = route.access else { continue }
                let path = PageSamples.path(route)
                let browser = try await server.browser(staff)
                let answer = route.method == .get ? try await browser.get(path) : try await browser.post(path)
                if permission.map(role.may) ?? true {
                    #expect(![401, 403, 500].contains(answer.status), "\(route.method) \(path): \(answer.status)")
                } else {
                    denied += 1
                    #expect(answer.status == 403 && answer.text.contains("does not allow this"), "\(route.method) \(path): \(answer.status)")
                }
                let nobody = Browser(server)
                _ = try await nobody.get("/sign-in")
                let out = route.method == .get ? try await nobody.get(path) : try await nobody.post(path)
                #expect(out.status == (route.method == .get ? 303 : 401), "\(route.method) \(path)")
            }
            #expect((denied > 0) == (role != .admin))
        }
    }

    @Test("the navigation shows what one may see and nothing else")
    func navigation() async throws {
        try await WebServer.with { server in
            for (role, shown, hidden) in [(Role.agent, "/account", "/users"), (.finance, "/audit", "/tokens"), (.admin, "/reasons", "/nothing")] {
                let page = try await server.browser(role).get("/account").text
                #expect(page.contains("href=\"\(shown)\"") && !page.contains("href=\"\(hidden)\""), "\(role)")
            }
        }
    }

    @Test("people and tokens of another shop are as unknown as those that nobody has (P13)")
    func otherShops() async throws {
        try await WebServer.with { server in
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let theirs = try await TestStaff.add(.agent, "theirs@example.test", name: "Theirs", to: other)
            let token = try await server.store.createToken(scopes: [.admin], for: other.id, by: .commandLine).get().token
            let admin = try await server.browser(.admin)
            for path in ["/users/\(theirs.id)", "/users/999999", "/users/x", "/users/-1"] { #expect(try await admin.get(path).status == 404, "\(path)") }
            for path in ["/users/\(theirs.id)", "/users/\(theirs.id)/password", "/users/\(theirs.id)/retire", "/tokens/\(token.id)/retire"] {
                let answer = try await admin.post(path, [("role", "agent"), ("name", "X"), ("password", "a long password")])
                #expect(answer.status == 404, "\(path)")
            }
            let pages = try await [admin.get("/users").text, admin.get("/tokens").text, admin.get("/audit").text].joined()
            #expect(!pages.contains("theirs") && !pages.contains("Theirs"))
            #expect(try await server.store.user(theirs.id, in: other.id)?.isRetired == false)
        }
    }
}
