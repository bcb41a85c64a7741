import Domain
import HTTPTypes
import Store

/// How the shop's orders come in, what was asked of whoever reads it, and what was not understood.
enum FeedPages {
    static let all: [PageRoute] = [
        .get("/feed", may: .workQueue) { call, visitor in try await show(call, visitor) },
        .get("/feed/live", may: .workQueue, live),
        .post("/feed/pass", may: .workQueue, pass), .post("/feed/sweep", may: .workQueue, sweep), .post("/feed/test", may: .workQueue, test),
        .post("/feed/import", may: .workQueue, importOrder), .post("/feed/replay", may: .workQueue, replay),
    ]

    /// Rejects of one page.
    static let rejectsMax = 20
    /// The last ones.
    private static let outagesMax = 10

    private static func show(_ call: PageCall, _ visitor: Visitor, problem: String? = nil) async throws -> Reply {
        let (shop, store) = (visitor.shop, call.store)
        let after = try call.cursor("rejects").map { RejectID($0) }
        async let status = store.feedStatus(shop)
        async let requests = store.feedRequests(shop.id)
        async let outages = store.feedOutages(of: shop.id, limit: outagesMax)
        async let rejects = store.rejects(shop.id, after: after, limit: rejectsMax + 1)
        let (feed, asked, found) = try await (status, requests, rejects)
        let away = try await outages.compactMap { OutageWords.text($0, call.localizer) }
        let shown = found.prefix(rejectsMax)
        let view = FeedView(call: call, shop: shop, status: feed)
        var data = view.data.merging([
            "asked": .list(asked.map { FeedRequestView(call: call).data($0) }), "any_asked": .flag(!asked.isEmpty),
            "rejects": .list(shown.map(view.reject)), "any_rejects": .flag(!shown.isEmpty),
            "outages": .list(away.map { ["outage": .text($0)] }), "any_outages": .flag(!away.isEmpty),
            "is_waiting": .flag(view.isWaiting || asked.contains { $0.answer == nil }), "wide": true,
            "order": .text(problem == nil ? "" : call.form.trimmed("order")),
        ])
        if found.count > rejectsMax, let last = shown.last { data["next"] = .text("/feed?after=" + Cursor.text("rejects", last.id.rawValue)) }
        data.set("problem", problem)
        return try call.page("feed", title: "feed.title", status: problem == nil ? 200 : 422, data)
    }

    /// Tells that a pass ended or that something asked for was done; the window then reads the page again.
    private static func live(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try LiveStream.reply(call, visitor, page: "/feed") { news in
            news.isReload || news.events.contains(.feed) ? [LiveEvent("changed")] : []
        }
    }

    private static func pass(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        _ = try await call.store.requestPass(visitor.shop.id, by: visitor.caller)
        return call.redirect("/feed", flash: .done(call.text("feed.pass_asked")))
    }

    private static func sweep(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        _ = try await call.store.requestSweep(visitor.shop.id, by: visitor.caller)
        return call.redirect("/feed", flash: .done(call.text("feed.sweep_asked")))
    }

    private static func test(_ call: PageCall, _ visitor: Visitor) async throws -> Reply { try await ask(.test, call, visitor) }

    private static func importOrder(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let text = call.form.trimmed("order")
        guard let order = WholeText.number(text.hasPrefix("#") ? text.dropFirst() : text[...]), order > 0 else {
            return try await show(call, visitor, problem: call.text("feed.no_number"))
        }
        return try await ask(.importOrder(OrderID(order)), call, visitor)
    }

    /// One reject, or all of them when none is named.
    private static func replay(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let text = call.form.given("reject") else { return try await ask(.replay(nil), call, visitor) }
        guard let number = WholeText.number(text), try await call.store.reject(RejectID(number), in: visitor.shop.id) != nil else { throw call.notFound }
        return try await ask(.replay(RejectID(number)), call, visitor)
    }

    private static func ask(_ errand: FeedErrand, _ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        switch try await call.store.ask(errand, of: visitor.shop.id, by: visitor.staff) {
        case .success: return call.redirect("/feed", flash: .done(call.text("feed.asked_for")))
        case .failure(let refusal): return try await show(call, visitor, problem: call.localizer.text(refusal))
        }
    }
}
