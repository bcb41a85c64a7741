import Curl
import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite struct FormTests {
    @Test("every form is refused without its token, with another session's, and from another site's page; nothing is done")
    func tokens() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            let other = try await server.browser(.admin, "other@example.test")
            for route in PageRoutes.all where route.method == .post {
                let path = PageSamples.path(route)
                for csrf in ["", "wrong", other.token, String(admin.token.dropLast())] {
                    let answer = try await admin.post(path, [("language", "sl")], csrf: csrf)
                    #expect(answer.status == 403 && answer.text.contains("This page is too old"), "\(path) \(csrf)")
                }
                for headers in [
                    [("Origin", "https://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site")], [("Sec-Fetch-Site", "same-site")],
                ] {
                    let answer = try await admin.post(path, [("language", "sl")], headers: headers)
                    #expect(answer.status == 403 && answer.text.contains("This came from elsewhere"), "\(path) \(headers)")
                }
            }
            #expect(try await admin.get("/account").status == 200)
            let own = [("Origin", server.address), ("Sec-Fetch-Site", "same-origin")]
            #expect(try await admin.post("/reasons", [("reason", "late")], headers: own).status == 303)
            let script = try await admin.post("/reasons", [("reason", "later")], csrf: "", headers: own + [("X-CSRF-Token", admin.token)])
            #expect(script.status == 303)
        }
    }

    @Test("a session that is over leads scripts to a 401 problem, and forms to sign-in and back to their page")
    func expired() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            server.shop.clock.advance(seconds: SessionLimits.idleSecondsMax)
            let script = try await admin.post("/reasons", [("reason", "late")], headers: [("Accept", "application/json")])
            #expect(script.status == 401 && script.problem == "signed-out")
            let form = try await admin.post("/reasons", [("reason", "late")], headers: [("Referer", server.address + "/reasons?x=1")])
            #expect(form.status == 401 && form.text.contains("Your session is over") && form.text.contains(#"name="return" value="/reasons?x=1""#))
            let foreign = try await admin.post("/reasons", [("reason", "late")], headers: [("Referer", "https://evil.example/x")])
            #expect(foreign.text.contains(#"name="return" value="""#))
            let back = try await admin.post(
                "/sign-in", [("email", "admin@example.test"), ("password", TestStaff.password), ("return", "/reasons?x=1")])
            #expect(back.header("location") == "/reasons?x=1")
            #expect(try await server.store.reasons(of: server.shop.id).allSatisfy(\.isBuiltIn))
        }
    }

    @Test("a form that is too large, of another kind, or not UTF-8 is refused with a page that says so")
    func bodies() async throws {
        try await WebServer.with { server in
            let admin = try await server.browser(.admin)
            let form = [("Content-Type", "application/x-www-form-urlencoded")]
            #expect(try await admin.post("/reasons", [("reason", String(repeating: "x", count: 70_000))]).status == 413)
            #expect(try await admin.send(.post, "/reasons", Array("{}".utf8), [("Content-Type", "application/json")]).status == 415)
            for body in ["reason=%FF&csrf=\(admin.token)", "reason=a%00b", "reason=%zz"] {
                #expect(try await admin.send(.post, "/reasons", Array(body.utf8), form).status == 400, "\(body)")
            }
            #expect(Form("a=1&a=2&b=%C4%8D+x&c")?.all("a") == ["1", "2"] && Form("b=%C4%8D+x")?["b"] == "č x" && Form("c")?["c"] == "")
            #expect(Form("a=%0D%0A+x+")?["a"] == "\n x " && Form("a=+x+")?.trimmed("a") == "x")
        }
    }
}

enum PageSamples {
    static func path(_ route: PageRoute) -> String {
        "/" + route.path.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .place(let name): name == "reason" ? "unknown" : "999999"
            }
        }.joined(separator: "/")
    }
}
