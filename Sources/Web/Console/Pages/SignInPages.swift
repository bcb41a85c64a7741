import Domain
import HTTPTypes
import Store

/// Signing in, choosing between shops, signing out; the first page, the language, and the files of the console.
enum SignInPages {
    static let all: [PageRoute] = [
        .open(.get, "/", { $0.redirect(Console.home) }),
        .asset("/static/{file}", { call in
            guard let reply = call.console.files.reply(call.places[0]) else { throw Problem.unknownRoute }
            return reply
        }),
        .open(.post, "/language", language),
        .open(.get, "/sign-in", form),
        .open(.post, "/sign-in", signIn),
        .open(.get, "/choose-shop", shops),
        .open(.post, "/choose-shop", choose),
        .post("/sign-out", signOut),
    ]

    private static func language(_ call: PageCall) async throws -> Reply {
        guard let language = Language(rawValue: call.form.trimmed("language")) else {
            throw Refusal.invalidField(field: "language", expected: Language.allCases.map(\.rawValue).joined(separator: ", "))
        }
        if let visitor = call.visitor, let refusal = try await call.store.setOwnLanguage(language.rawValue, of: visitor.staff) { throw refusal }
        let reply = call.redirect(LocalPath.checked(call.form["return"]) ?? Console.home)
        return reply.setting(.language, language.rawValue, call.console.site)
    }

    private static func form(_ call: PageCall) async throws -> Reply {
        if call.visitor != nil { return call.redirect(LocalPath.checked(call.query["return"]) ?? Console.home) }
        return try form(call, problem: nil, back: call.query["return"])
    }

    /// The session was over when a form was sent: sign in, and go back to the page that it stood on.
    static func expired(_ call: PageCall) throws -> Reply {
        let page = call.request.headers[.referer].flatMap { referer in
            ["http://", "https://"].lazy.compactMap { scheme -> String? in
                guard referer.hasPrefix(scheme), let slash = referer.dropFirst(scheme.count).firstIndex(of: "/") else { return nil }
                return referer[..<slash].dropFirst(scheme.count) == call.request.head.authority ?? "" ? String(referer[slash...]) : nil
            }.first
        }
        return try form(call, status: 401, problem: call.text("sign_in.expired"), back: page)
    }

    private static func form(_ call: PageCall, status: Int = 200, problem: String?, back: String?, email: String = "", slug: String = "") throws -> Reply {
        var data: PageData = ["email": .text(email), "slug": .text(slug), "back": .text(LocalPath.checked(back) ?? ""), "bare": true]
        data.set("problem", problem)
        data["with_shop"] = .flag(!slug.isEmpty)
        return try call.page("sign-in", title: "sign_in.title", status: status, data)
    }

    private static func signIn(_ call: PageCall) async throws -> Reply {
        let (email, slug, back) = (call.form.trimmed("email"), call.form.trimmed("shop"), call.form["return"])
        let password = SecretText(call.form["password"] ?? "")
        switch try await call.store.signIn(email: email, password: password, slug: slug.isEmpty ? nil : slug, from: call.address) {
        case .right(let staff):
            return try await welcome(call, staff, back: back)
        case .several(let staff):
            let cookie = try await call.store.offerShops(staff)
            let path = LocalPath.checked(back).map { "/choose-shop?return=" + FormText.encode($0) } ?? "/choose-shop"
            return call.redirect(path).setting(.choice, cookie.value, call.console.site)
        case .wrong:
            return try form(call, status: 401, problem: call.text("sign_in.wrong"), back: back, email: email, slug: slug)
        case .wait(let seconds):
            let problem = call.text("sign_in.wait", ["time": call.localizer.wait(seconds: seconds)])
            var reply = try form(call, status: 429, problem: problem, back: back, email: email, slug: slug)
            reply.headers.append((.retryAfter, String(seconds)))
            return reply
        }
    }

    /// A new session under a new cookie, whatever the browser showed before; what it showed before is over.
    private static func welcome(_ call: PageCall, _ staff: Staff, back: String?) async throws -> Reply {
        if let before = call.visitor {
            _ = try await call.store.endSession(before.session.id, of: before.staff.id, in: before.shop.id)
        }
        let cookie = try await call.store.openSession(of: staff, browser: call.browser, address: call.address)
        let site = call.console.site
        return call.redirect(LocalPath.checked(back) ?? Console.home).setting(.session, cookie.value, site).setting(.choice, nil, site)
            .setting(.guest, nil, site)
    }

    private static func shops(_ call: PageCall) async throws -> Reply {
        guard let cookie = ConsoleCookie.choice.read(call.request.headers, call.console.site) else { return call.redirect("/sign-in") }
        var shops: [PageData] = []
        for staff in try await call.store.offeredShops(cookie: cookie) {
            guard let shop = try await call.store.shop(staff.shop) else { continue }
            shops.append(["slug": .text(shop.slug), "name": .text(shop.name), "role": .text(call.localizer.role(staff.role))])
        }
        guard !shops.isEmpty else { return call.redirect("/sign-in", flash: .problem(call.text("sign_in.expired"))) }
        let back = LocalPath.checked(call.query["return"]) ?? ""
        return try call.page("choose-shop", title: "sign_in.choose_title", ["shops": .list(shops), "back": .text(back), "bare": true])
    }

    private static func choose(_ call: PageCall) async throws -> Reply {
        let cookie = ConsoleCookie.choice.read(call.request.headers, call.console.site) ?? ""
        for staff in try await call.store.offeredShops(cookie: cookie) {
            guard let shop = try await call.store.shop(staff.shop), shop.slug == call.form.trimmed("shop") else { continue }
            try await call.store.forgetOffer(cookie: cookie)
            return try await welcome(call, staff, back: call.form["return"])
        }
        return call.redirect("/sign-in", flash: .problem(call.text("sign_in.expired")))
    }

    private static func signOut(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        _ = try await call.store.endSession(visitor.session.id, of: visitor.staff.id, in: visitor.shop.id)
        return call.redirect("/sign-in", flash: .done(call.text("sign_in.signed_out"))).setting(.session, nil, call.console.site)
    }
}
