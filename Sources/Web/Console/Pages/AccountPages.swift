import Domain
import HTTPTypes
import Store

/// One's own account: language, password, and where one is signed in.
enum AccountPages {
    static let all: [PageRoute] = [
        .get("/account") { call, visitor in try await show(call, visitor) },
        .post("/account/password", password),
        .post("/account/sessions/{id}/end", end),
        .post("/account/sign-out-everywhere", endAll),
    ]

    private static func show(_ call: PageCall, _ visitor: Visitor, status: Int = 200, problem: String? = nil) async throws -> Reply {
        let sessions = try await call.store.sessions(of: visitor.staff.id, in: visitor.shop.id)
        var data: PageData = [
            "role_about": .text(call.localizer.text(family: "role_about", visitor.staff.role.rawValue)),
            "sessions": .list(
                sessions.map { session in
                    [
                        "id": .text(session.id.description), "browser": .text(BrowserName.of(session.browser) ?? call.text("account.some_browser")),
                        "address": .text(session.address), "here": .flag(session.id == visitor.session.id),
                        "since": .text(call.localizer.dayAndTime(session.createdAt)), "seen": .text(call.localizer.ago(session.seenAt)),
                        "seen_at": .text(call.localizer.machine(session.seenAt)),
                    ]
                }),
        ]
        data.set("problem", problem)
        return try call.page("account", title: "account.title", status: status, data)
    }

    private static func password(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let (old, new) = (SecretText(call.form["old"] ?? ""), SecretText(call.form["new"] ?? ""))
        guard new == SecretText(call.form["again"] ?? "") else {
            return try await show(call, visitor, status: 422, problem: call.text("account.not_the_same"))
        }
        let outcome = try await call.store.changeOwnPassword(
            of: visitor.staff, from: old, to: new, browser: call.browser, address: call.address)
        switch outcome {
        case .changed(let cookie):
            return call.redirect("/account", flash: .done(call.text("account.password_changed")))
                .setting(.session, cookie.value, call.console.site)
        case .wrong: return try await show(call, visitor, status: 422, problem: call.text("account.wrong_password"))
        case .refused(let refusal): return try await show(call, visitor, status: 422, problem: call.localizer.text(refusal))
        case .wait(let seconds):
            let problem = call.text("sign_in.wait", ["time": call.localizer.wait(seconds: seconds)])
            var reply = try await show(call, visitor, status: 429, problem: problem)
            reply.headers.append((.retryAfter, String(seconds)))
            return reply
        }
    }

    private static func end(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let id = try call.id(0, SessionID.self)
        guard try await call.store.endSession(id, of: visitor.staff.id, in: visitor.shop.id) else { throw call.notFound }
        return call.redirect("/account", flash: .done(call.text("account.session_ended")))
    }

    private static func endAll(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        _ = try await call.store.endSessions(of: visitor.staff, by: visitor.caller)
        return call.redirect("/sign-in", flash: .done(call.text("account.signed_out_everywhere"))).setting(.session, nil, call.console.site)
    }
}

/// What a browser is called by people, from its `User-Agent`.
enum BrowserName {
    private static let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"),
    ]
    private static let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ]

    /// Nil when it says nothing that is known.
    static func of(_ text: String) -> String? {
        guard let browser = browsers.first(where: { text.contains($0.0) })?.1 else { return nil }
        return systems.first { text.contains($0.0) }.map { "\(browser), \($0.1)" } ?? browser
    }
}
