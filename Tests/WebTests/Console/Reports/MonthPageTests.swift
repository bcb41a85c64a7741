import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite("the page of months")
struct MonthPageTests {
    /// A shop whose month before the clock's had an order; the clock is in the next month.
    private static func prepared(_ server: WebServer) async throws -> CivilDay {
        let shop = server.shop
        _ = try await shop.ticket(order: 1, quantity: 2)
        let zone = try await shop.shop().zone
        let month = zone.day(of: shop.clock.now)
        let first = month.adding(days: 1 - month.day)
        shop.clock.set(MonthRules.end(of: first, in: zone).addingTimeInterval(3_600))
        return first
    }

    @Test("finance closes a month with a note, an admin opens it again, and every page of the period says so loudly; the audit has both")
    func closeAndReopen() async throws {
        try await WebServer.with { server in
            let month = try await Self.prepared(server)
            let code = String(month.description.prefix(7))
            let (finance, admin) = (try await server.browser(.finance), try await server.browser(.admin))
            let period = "/reports?from=\(month)&through=\(MonthRules.next(after: month).adding(days: -1))"
            let open = try await finance.get("/reports/months").text
            #expect(open.contains("id=\"m\(code)\"") && open.contains(">open<") && open.contains("not over yet") && open.contains("Close<span class=\"hidden\">"))
            #expect(!open.contains("/reports/months/reopen") && open.components(separatedBy: "action=\"/reports/months/close\"").count == 2)
            #expect(try await finance.get(period).text.contains("id=\"final\"") == false)

            let blank = try await finance.post("/reports/months/close", [("month", code), ("note", " ")])
            #expect(blank.status == 422 && blank.text.contains("role=\"alert\"") && blank.text.contains("<details class=\"more\" open>"))
            let done = try await finance.post("/reports/months/close", [("month", code), ("note", "checked <b>twice</b>")])
            #expect(done.status == 303 && done.header("location") == "/reports/months")
            let closed = try await finance.get("/reports/months").text
            #expect(closed.contains("is closed.") && closed.contains("by finance@example.test: checked &lt;b&gt;twice&lt;/b&gt;") && !closed.contains("<b>twice"))
            #expect(try await finance.get(period).text.contains("Closed: these figures are final."))
            #expect(try await finance.get("/reports?from=\(month)&through=\(month.adding(days: 60))").text.contains("what is after may still change"))

            #expect(!closed.contains("/reports/months/reopen"))
            #expect(try await finance.post("/reports/months/reopen", [("month", code), ("note", "n")]).status == 403)
            #expect(try await admin.get("/reports/months").text.contains("action=\"/reports/months/reopen\""))
            #expect(try await admin.post("/reports/months/reopen", [("month", code), ("note", "one was missing")]).status == 303)
            let page = try await finance.get(period).text
            #expect(page.contains("OPENED AGAIN: ") && page.contains("by admin@example.test: one was missing") && page.contains("notice bad"))
            #expect(!page.contains("id=\"final\""))
            let months = try await finance.get("/reports/months").text
            #expect(months.contains("badge bad") && months.contains("class=\"loud\"") && months.contains("action=\"/reports/months/close\""))
            let audit = try await admin.get("/audit").text
            #expect(audit.contains("period.close") && audit.contains("period.reopen") && audit.contains("one was missing"))
        }
    }

    @Test("who may not close sees the months and no form; agents see neither; a token of another session does nothing")
    func roles() async throws {
        try await WebServer.with { server in
            let month = try await Self.prepared(server)
            let code = String(month.description.prefix(7))
            let lead = try await server.browser(.lead)
            let seen = try await lead.get("/reports/months").text
            #expect(seen.contains("id=\"m\(code)\"") && !seen.contains("<textarea"))
            for role in [Role.lead, .agent] {
                let browser = role == .lead ? lead : try await server.browser(role)
                for action in ["close", "reopen"] {
                    #expect(try await browser.post("/reports/months/\(action)", [("month", code), ("note", "n")]).status == 403, "\(role) \(action)")
                }
            }
            let finance = try await server.browser(.finance)
            let stolen = try await finance.post("/reports/months/close", [("month", code), ("note", "n")], csrf: lead.token)
            #expect(stolen.status == 403)
            for wrong in ["", "2026", "2026-13", "../x", String(repeating: "9", count: 400)] {
                #expect(try await finance.post("/reports/months/close", [("month", wrong), ("note", "n")]).status == 404, "\(wrong)")
            }
            let early = try await finance.post("/reports/months/close", [("month", String(MonthRules.next(after: month).description.prefix(7))), ("note", "n")])
            #expect(early.status == 422 && early.text.contains("over for ten minutes"))
            #expect(try await server.store.periods(of: server.shop.id).isEmpty)
        }
    }

    @Test("another shop's months are its own, and each language has its words", arguments: Language.allCases)
    func languages(_ language: Language) async throws {
        try await WebServer.with { server in
            let month = try await Self.prepared(server)
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            _ = try await server.store.closePeriod(month, note: "theirs", in: try await other.shop(), by: .commandLine).get()
            let page = try await server.browser(.admin, language: language.rawValue).get("/reports/months").text
            #expect(!page.contains("theirs") && !page.contains("books.") && page.contains("<textarea"))
        }
    }
}
