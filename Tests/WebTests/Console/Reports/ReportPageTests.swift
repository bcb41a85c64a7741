import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite("the reports' page")
struct ReportPageTests {
    @Test("finance, leads and admins see it; agents are told that they may not, and nobody else's rows are in a file")
    func access() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1, quantity: 2)
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            _ = try await other.ticket(order: 9, quantity: 1)
            for role in [Role.finance, .lead, .admin] {
                let page = try await server.browser(role).get("/reports")
                #expect(page.status == 200 && page.text.contains("<h1>Reports</h1>") && page.text.contains("href=\"/reports\" aria-current=\"page\""), "\(role)")
            }
            let agent = try await server.browser(.agent)
            for path in ["/reports", "/reports/files/entries/csv"] {
                let page = try await agent.get(path)
                #expect(page.status == 403 && page.text.contains("You may not do this"), "\(path)")
            }
            #expect(try await agent.get("/tickets").text.contains("href=\"/reports\"") == false)
            #expect(try await Browser(server).get("/reports/files/entries/csv").status == 303)
            let file = try await server.browser(.finance, "books@example.test").get("/reports/files/entries/jsonl?from=2020-01-01&through=2030-12-31")
            #expect(file.status == 200 && file.header("content-type") == "application/jsonl")
            #expect(file.header("content-disposition") == "attachment; filename=\"entries-demo-2020-01-01-2030-12-31.jsonl\"")
            #expect(file.text.contains("\"ticket\":\(ticket)") && !file.text.contains("\"shop\":\"other\""))
        }
    }

    @Test("the address is the filter; one that cannot be read is said in words, and the page is there all the same")
    func filter() async throws {
        try await WebServer.with { server in
            let finance = try await server.browser(.finance)
            let page = try await finance.get("/reports?from=2026-05-01&through=2026-05-31&channel=sms").text
            #expect(page.contains("name=\"from\" value=\"2026-05-01\"") && page.contains("<option value=\"sms\" selected>"))
            #expect(page.contains("href=\"/reports/files/entries/csv?from=2026-05-01&amp;through=2026-05-31&amp;channel=sms\""))
            #expect(page.contains("href=\"/reports?from=2026-05-01&amp;through=2026-05-31\""))
            let wrong = try await finance.get("/reports?from=yesterday")
            #expect(wrong.status == 422 && wrong.text.contains("role=\"alert\"") && wrong.text.contains("<h1>Reports</h1>"))
            for path in ["/reports/files/entries/pdf", "/reports/files/nothing/csv", "/reports/files/entries/xlsx"] {
                #expect(try await finance.get(path).status == 404, "\(path)")
            }
            #expect(try await finance.get("/reports/files/entries/csv?from=x").status == 422)
        }
    }

    @Test("while the shop cannot be read, or said what was not understood, the page says that figures may be missing")
    func partial() async throws {
        try await WebServer.with { server in
            let (finance, shop, store) = (try await server.browser(.finance), server.shop.id, server.store)
            #expect(try await finance.get("/reports").text.contains("notice warn") == false)
            _ = try await store.takeFeedLease(shop, owner: "test", seconds: 60)
            try await store.beginPass(shop, owner: "test")
            let failure = FeedPassEnd(
                figures: IntakeFigures(), error: "away", errorKind: "no-permission", nextPassAt: server.shop.clock.now.addingTimeInterval(60))
            try await store.endPass(shop, owner: "test", failure)
            try await store.keepReject(
                RejectedDocument(source: .poll, order: OrderID(5), reason: "r", raw: Array("{}".utf8), receivedAt: server.shop.clock.now), shop: shop)
            let page = try await finance.get("/reports").text
            #expect(page.contains("The shop cannot be read since") && page.contains("1 document of the shop could not be understood"))
        }
    }
}
