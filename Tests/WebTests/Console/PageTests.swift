import Curl
import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct PageTests {
    @Test("every page keeps frames, inline scripts, sniffing and caches away; TLS is asked for only behind TLS")
    func headers() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            for answer in [try await admin.get("/users"), try await Browser(server).get("/sign-in"), try await admin.get("/nothing")] {
                #expect(answer.header("content-security-policy")?.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self';") == true)
                #expect(answer.header("content-security-policy")?.contains("frame-ancestors 'none'") == true)
                #expect(answer.header("x-frame-options") == "DENY" && answer.header("referrer-policy") == "same-origin")
                #expect(answer.header("x-content-type-options") == "nosniff" && answer.header("cache-control") == "no-store")
                #expect(answer.header("content-type") == "text/html; charset=utf-8" && answer.header("strict-transport-security") == nil)
                #expect(!answer.text.contains("style=\"") && !answer.text.contains("onclick") && !answer.text.contains("<script>"))
            }
        }
        try await WebServer.with({ $0.publicURL = "https://support.example" }) { server in
            let browser = Browser(server)
            let page = try await browser.get("/sign-in")
            #expect(page.header("strict-transport-security") == "max-age=31536000")
            let cookie = try #require(page.header("set-cookie"))
            #expect(cookie.hasPrefix("__Host-supportmeter_guest=") && cookie.contains("; Secure") && cookie.contains("; HttpOnly; SameSite=Lax"))
            let own = [("Origin", "https://support.example")]
            #expect(try await browser.post("/language", [("language", "sl")], headers: own).status == 303)
            #expect(try await browser.post("/language", [("language", "sl")], headers: [("Origin", server.address)]).status == 403)
        }
    }

    @Test("a script in a name, a label or a message is text, and a flash that a browser made up is text too")
    func escaping() async throws {
        try await WebServer.with { server in
            let script = "<script>alert('x')</script>\"&"
            let admin = try await server.browser(try await TestStaff.add(.admin, "ana@example.test", name: script, to: server.shop))
            _ = try await admin.post("/tokens", [("label", script), ("scope", "balance:read")])
            admin.set("supportmeter_flash", Flash.done(script).cookieValue)
            for path in ["/account", "/users", "/tokens", "/audit", "/audit?actor=" + FormText.encode(script)] {
                let page = try await admin.get(path).text
                #expect(!page.contains("<script>alert") && page.contains("&lt;script&gt;alert"), "\(path)")
            }
            let again = try await admin.post("/users", [("name", script), ("email", script), ("role", "agent"), ("password", "x")])
            #expect(again.status == 422 && !again.text.contains("<script>alert"))
            #expect(try await Browser(server).signIn(script, "x").text.contains("<script>alert") == false)
        }
    }

    @Test("an address that nobody has, a wrong method and a fault are pages for browsers and problems for programs")
    func errors() async throws {
        try await WebServer.with { server in
            let browser = Browser(server)
            let page = try await browser.get("/nothing", headers: [("Accept-Language", "sl")])
            #expect(page.status == 404 && page.text.contains("Tu ni ničesar") && page.text.contains("lang=\"sl\""))
            #expect(try await server.get("/nothing", token: "").problem == "unknown-address")
            #expect(try await browser.get("/api/v1/nothing").problem == "unknown-address")
            let method = try await browser.get("/sign-out")
            #expect(method.status == 405 && method.header("allow") == "POST" && method.text.contains("Not this way"))
            let script = try await browser.get("/nothing", headers: [("Accept", "application/json")])
            #expect(script.problem == "unknown-address")
        }
        try await WebServer.withoutDatabase { server in
            let browser = Browser(server)
            #expect(try await browser.get("/sign-in").status == 200)
            browser.set("supportmeter_session", "1.x")
            let page = try await browser.get("/users")
            #expect(page.status == 503 && page.header("retry-after") == "2" && page.text.contains("Nothing was lost"))
        }
    }

    @Test("styles, script and picture are kept for ever under an address that changes with them")
    func files() async throws {
        try await WebServer.with { server in
            let page = try await Browser(server).get("/sign-in").text
            for (name, kind) in [("console", "text/css"), ("console", "text/javascript"), ("icon", "image/svg+xml")] {
                let ending = ["text/css": "css", "text/javascript": "js", "image/svg+xml": "svg"][kind] ?? ""
                let addresses = try StaticFiles().addresses
                let address = try #require(addresses["\(name).\(ending)"])
                #expect(page.contains("\"\(address)\""))
                let file = try await Browser(server).get(address)
                #expect(file.status == 200 && file.header("content-type")?.hasPrefix(kind) == true)
                #expect(file.header("cache-control") == "public, max-age=31536000, immutable")
            }
            #expect(try await Browser(server).get("/static/console-000000000000.css").status == 404)
            #expect(try await Browser(server).get("/static/..%2fconsole.css").status == 404)
        }
    }

    @Test("the language is the person's own, else the browser's wish, else English; the menu changes it for good")
    func languages() async throws {
        try await WebServer.with { server in
            let guest = Browser(server)
            #expect(try await guest.get("/sign-in").text.contains("<html lang=\"en\">"))
            #expect(try await guest.get("/sign-in", headers: [("Accept-Language", "de, pl;q=0.5, et-EE;q=0.8")]).text.contains("<html lang=\"et\">"))
            let chosen = try await guest.post("/language", [("language", "ru"), ("return", "/sign-in")])
            #expect(chosen.header("location") == "/sign-in")
            #expect(try await guest.get("/sign-in").text.contains("Пароль"))
            #expect(try await guest.post("/language", [("language", "xx")]).status == 422)
            let ana = try await server.browser(.agent, language: "sl")
            #expect(try await ana.get("/account", headers: [("Accept-Language", "pl")]).text.contains("Vaš račun"))
            _ = try await ana.post("/language", [("language", "pl")])
            #expect(try await ana.get("/account").text.contains("Twoje konto"))
            #expect(try await server.store.users(of: server.shop.id).first?.language == "pl")
        }
    }
}
