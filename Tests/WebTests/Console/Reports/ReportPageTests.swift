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
            // A period in one word, as the command line and the API have it.
            for (period, from, through) in [("2026-W22", "2026-05-25", "2026-05-31"), ("2026-05", "2026-05-01", "2026-05-31"), ("2026-Q2", "2026-04-01", "2026-06-30")] {
                let page = try await finance.get("/reports?period=\(period)").text
                #expect(page.contains("name=\"from\" value=\"\(from)\"") && page.contains("name=\"through\" value=\"\(through)\""), "\(period)")
            }
            #expect(try await finance.get("/reports?period=2026-05&from=2026-05-01").status == 422)
            let wrong = try await finance.get("/reports?from=yesterday")
            #expect(wrong.status == 422 && wrong.text.contains("role=\"alert\"") && wrong.text.contains("<h1>Reports</h1>"))
            for path in ["/reports/files/entries/pdf", "/reports/files/nothing/csv", "/reports/files/entries/xero"] {
                #expect(try await finance.get(path).status == 404, "\(path)")
            }
            #expect(try await finance.get("/reports/files/entries/csv?from=x").status == 422)
        }
    }

    @Test("the figures are those of the files, of the period asked for; the sum has its tick and every chart its table")
    func figures() async throws {
        try await WebServer.with { server in
            let finance = try await server.browser(.finance)
            #expect(try await finance.get("/reports").text.contains("Nothing in this period"))
            let ticket = try await server.shop.ticket(order: 1, quantity: 2)
            #expect(try await server.shop.spend(ticket, "email", 3).isSuccess)
            let page = try await finance.get("/reports").text
            #expect(page.contains("It adds up") && page.contains("notice good") && page.contains("€98.00"))
            #expect(page.components(separatedBy: "<svg ").count == 5 && !page.contains("Nothing in this period"))
            let rows = CSVText.rows(try await finance.get("/reports/files/roll-forward/csv").text)
            let used = try #require(rows[0].firstIndex(of: "used"))
            let sum = rows.dropFirst().compactMap { Decimal(string: $0[used]) }.reduce(0, +)
            #expect(sum > 0 && page.contains("€\(sum)"))
            let before = try await finance.get("/reports?from=2020-01-01&through=2020-01-31").text
            #expect(before.contains("Nothing in this period"))
        }
    }

    @Test("every file that the page offers can be had in every way, by its name, and belongs to the period asked for")
    func files() async throws {
        try await WebServer.with { server in
            let finance = try await server.browser(.finance)
            let ticket = try await server.shop.ticket(order: 1, quantity: 2)
            #expect(try await server.shop.spend(ticket, "email", 3).isSuccess)
            let page = try await finance.get("/reports").text
            let addresses = page.components(separatedBy: "href=\"/reports/files/").dropFirst().map { "/reports/files/" + $0.prefix { $0 != "\"" } }
            let offered = ReportFiles.all.filter { $0 != .table(.statement) }
            #expect(addresses.count == offered.reduce(0) { $0 + $1.ways.count } && addresses.count > 25)
            for address in addresses {
                let file = try await finance.get(address.replacing("&amp;", with: "&"))
                #expect(file.status == 200 && !file.text.isEmpty, "\(address)")
                #expect(file.header("content-disposition")?.hasPrefix("attachment; filename=\"") == true, "\(address)")
            }
            #expect(try await finance.get("/reports/files/journal/xero?from=2020-01-01&through=2020-01-31").status == 404)
        }
    }

    @Test("the ledger's file honours plan, customer and currency as the others do; a customer's statement is on the page and in a file")
    func narrowed() async throws {
        try await WebServer.with { server in
            let finance = try await server.browser(.finance)
            let (start, pro) = (try await server.shop.ticket(order: 1), try await server.shop.ticket(order: 2, productID: 12, email: "bo@example.test"))
            for ticket in [start, pro] { #expect(try await server.shop.spend(ticket, "email", 2).isSuccess) }
            let bo = try #require(try await server.store.customer(ofTicket: pro, in: server.shop.id))
            func tickets(_ query: String) async throws -> Set<String> {
                let rows = CSVText.rows(try await finance.get("/reports/files/entries/csv?\(query)").text)
                let place = try #require(rows.first?.firstIndex(of: "ticket"))
                return Set(rows.dropFirst().map { $0[place] })
            }
            #expect(try await tickets("") == ["\(start)", "\(pro)"])
            #expect(try await tickets("plan=Podpora%20PRO") == ["\(pro)"])
            #expect(try await tickets("customer=\(bo)") == ["\(pro)"])
            #expect(try await tickets("currency=EUR") == ["\(start)", "\(pro)"])
            for query in ["currency=JPY", "plan=None", "customer=999999"] { #expect(try await tickets(query).isEmpty, "\(query)") }

            let page = try await finance.get("/reports?customer=\(bo)").text
            #expect(page.contains("id=\"statement\"") && page.contains("href=\"/tickets/\(pro)\"") && !page.contains("href=\"/tickets/\(start)\""))
            #expect(page.contains("/reports/files/statement/xlsx?") && !page.contains("/reports/files/journal/") && page.contains("It adds up"))
            #expect(try await finance.get("/reports/files/statement/csv?customer=\(bo)").text.contains("\(pro)"))
            let nobody = try await finance.get("/reports?customer=999999").text
            #expect(nobody.contains("There is no customer 999999") && !nobody.contains("id=\"statement\""))
            #expect(try await finance.get("/reports?customer=x").status == 422)
            #expect(try await finance.get("/tickets/\(pro)").text.contains("href=\"/reports?customer=\(bo)\""))
            #expect(try await server.browser(.agent).get("/tickets/\(pro)").text.contains("/reports?customer=") == false)
        }
    }

    @Test("a journal is booked on the shop's own accounts")
    func accounts() async throws {
        try await WebServer.with { server in
            _ = try await server.shop.ticket(order: 1)
            var change = ShopChange()
            var settings = JournalSettings()
            (settings.liability, settings.taxRate) = ("2900", "Brez DDV")
            change.journal = settings
            _ = try await server.store.setShop(server.shop.id, change, by: .commandLine).get()
            change.journal = JournalSettings()
            change.journal?.clearing = "1200"
            let shop = try await server.store.setShop(server.shop.id, change, by: .commandLine).get()
            #expect(shop.journal.liability == "2900" && shop.journal.clearing == "1200")
            let file = try await server.browser(.finance).get("/reports/files/journal/xero").text
            #expect(file.contains(",2900,Brez DDV,") && file.contains(",1200,Brez DDV,"))
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
            #expect(!page.contains("could not be read from"))

            server.shop.clock.advance(seconds: 9_000)
            _ = try await store.takeFeedLease(shop, owner: "test", seconds: 60)
            var figures = IntakeFigures()
            figures.changed = 2
            try await store.endPass(shop, owner: "test", FeedPassEnd(figures: figures, nextPassAt: server.shop.clock.now))
            for path in ["/reports", "/feed"] {
                let reader = path == "/feed" ? try await server.browser(.lead) : finance
                let mended = try await reader.get(path).text
                #expect(mended.contains("The shop could not be read from") && mended.contains("; 2 orders recovered since."), "\(path)")
                #expect(!mended.contains("cannot be read since"))
            }
            #expect(try await finance.get("/reports?from=2020-01-01&through=2020-01-31").text.contains("could not be read from") == false)
        }
    }
}

/// Lines of CSV that hold no quotes.
private enum CSVText {
    static func rows(_ text: String) -> [[String]] { text.components(separatedBy: "\r\n").filter { !$0.isEmpty }.map { $0.components(separatedBy: ",") } }
}
