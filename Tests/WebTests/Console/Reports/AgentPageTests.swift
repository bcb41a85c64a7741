import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite("the reports' page of one agent")
struct AgentPageTests {
    private static let ana = Caller.user("ana+1@example.test", role: .agent)
    private static let address = "agent=ana%2B1%40example.test"

    @Test("it has what was used through the agent and the files of usage, says that the rest is nobody's, and shows nothing of it")
    func page() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1, quantity: 2)
            #expect(try await server.shop.spend(ticket, "email", 3, by: Self.ana).isSuccess)
            #expect(try await server.shop.spend(ticket, "sms", 1).isSuccess)
            let finance = try await server.browser(.finance)
            let all = try await finance.get("/reports").text
            #expect(all.contains("<option value=\"ana+1@example.test\">") && all.contains("<option value=\"operator\">") && !all.contains("agent="))

            let page = try await finance.get("/reports?\(Self.address)").text
            #expect(page.contains("name=\"agent\" value=\"ana+1@example.test\"") && page.contains("Only what was used through ana+1@example.test."))
            #expect(page.contains("Agent: ana+1@example.test") && page.contains("id=\"agent-usage\""), "the paper says whose it is")
            #expect(page.contains("<div class=\"figure\">1</div>") && page.contains("<div class=\"figure\">3</div>") && page.contains("<div class=\"figure\">€9.80</div>"))
            #expect(page.components(separatedBy: "<svg ").count == 2 && page.components(separatedBy: "<details class=\"more\">").count == 2)
            for nobodys in ["id=\"footing\"", "It adds up", "Still owed", "Sold</div>", "chart-owed", "chart-expiry", "chart-sold", "close_address"] {
                #expect(!page.contains(nobodys), "\(nobodys)")
            }
            let files = Set(page.components(separatedBy: "href=\"/reports/files/").dropFirst().map { String($0.prefix { $0 != "/" }) })
            #expect(files == ["usage", "calls-avoided", "entries"])
            #expect(page.components(separatedBy: "href=\"/reports/files/").dropFirst().allSatisfy { $0.prefix { $0 != "\"" }.contains(Self.address) })
        }
    }

    @Test("its files are of the agent alone, in all formats; one that cannot be by agent is refused, not given whole")
    func files() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1, quantity: 2)
            #expect(try await server.shop.spend(ticket, "email", 3, by: Self.ana).isSuccess)
            #expect(try await server.shop.spend(ticket, "sms", 1).isSuccess)
            let finance = try await server.browser(.finance)
            let page = try await finance.get("/reports?\(Self.address)").text
            let addresses = page.components(separatedBy: "href=\"/reports/files/").dropFirst().map { "/reports/files/" + $0.prefix { $0 != "\"" } }
            #expect(addresses.count == 12)
            for address in addresses { #expect(try await finance.get(address.replacing("&amp;", with: "&")).status == 200, "\(address)") }
            for name in ["usage", "calls-avoided", "entries"] {
                let text = try await finance.get("/reports/files/\(name)/csv?\(Self.address)").text
                #expect(text.contains("email") && !text.contains("sms"), "\(name): \(text)")
            }
            for path in ["revenue/csv", "statement/csv", "liability/xlsx", "roll-forward/jsonl", "orders/csv", "journal/xero"] {
                #expect(try await finance.get("/reports/files/\(path)?\(Self.address)").status == 422, "\(path)")
            }
        }
    }

    @Test("with a customer, plan, channel and currency chosen too it is what the agent did for these; the filters are cleared together")
    func combined() async throws {
        try await WebServer.with { server in
            let (start, pro) = (try await server.shop.ticket(order: 1), try await server.shop.ticket(order: 2, productID: 12, email: "bo@example.test"))
            for (ticket, quantity) in [(start, Int64(2)), (pro, 5)] { #expect(try await server.shop.spend(ticket, "email", quantity, by: Self.ana).isSuccess) }
            #expect(try await server.shop.spend(pro, "sms", 4, by: Self.ana).isSuccess)
            let bo = try #require(try await server.store.customer(ofTicket: pro, in: server.shop.id))
            let finance = try await server.browser(.finance)
            func credits(_ query: String) async throws -> String {
                let page = try await finance.get("/reports?\(Self.address)\(query)").text
                let tiles = page.components(separatedBy: "<div class=\"figure\">").dropFirst().map { String($0.prefix { $0 != "<" }) }
                return tiles.count > 1 ? tiles[1] : "none"
            }
            for (query, sum) in [
                ("", "11"), ("&customer=\(bo)", "9"), ("&plan=Podpora%20START", "2"), ("&channel=sms", "4"), ("&currency=EUR&customer=\(bo)&channel=email", "5"),
                ("&currency=JPY", "none"), ("&customer=\(bo)&plan=Podpora%20START", "none"),
            ] { #expect(try await credits(query) == sum, "\(query)") }
            let page = try await finance.get("/reports?from=2026-05-01&through=2026-05-31&customer=\(bo)&\(Self.address)").text
            #expect(!page.contains("id=\"statement\"") && page.contains("href=\"/reports?from=2026-05-01&amp;through=2026-05-31\""))
            #expect(page.contains("name=\"customer\" value=\"\(bo)\""))
        }
    }

    @Test("who used nothing in the period, and who is not known at all, is said in words")
    func nobody() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1)
            #expect(try await server.shop.spend(ticket, "email", 1, by: Self.ana).isSuccess)
            let finance = try await server.browser(.finance)
            let before = try await finance.get("/reports?from=2020-01-01&through=2020-01-31&\(Self.address)").text
            #expect(before.contains("Nothing was used through ana+1@example.test in this period") && !before.contains("<svg "))
            let elsewhere = try await finance.get("/reports?currency=JPY&\(Self.address)").text
            #expect(elsewhere.contains("In this period there is usage in EUR: choose the currency above.") && elsewhere.contains("<option value=\"EUR\">EUR"))
            let unknown = try await finance.get("/reports?agent=%3Cb%3EZoran")
            #expect(unknown.status == 200 && unknown.text.contains("Nobody called &lt;b&gt;Zoran has used credits here") && !unknown.text.contains("<b>Zoran"))
            #expect(!unknown.text.contains("Only what was used through") && !unknown.text.contains("id=\"agent-usage\""))
        }
    }

    @Test("an agent is a part of the address, and one more thing that narrows")
    func address() throws {
        let today = try #require(CivilDay(year: 2028, month: 2, day: 10))
        let query = "from=2026-01-15&through=2026-03-31&channel=sms&customer=7&agent=ana%2B1%40example.test&currency=JPY"
        let filter = try ReportPageFilter(try #require(Form(query[...])), today: today)
        #expect(filter.query == query && filter.agent == "ana+1@example.test" && filter.isNarrowed)
        #expect(filter.widened().query == "from=2026-01-15&through=2026-03-31&currency=JPY" && !filter.widened().isNarrowed)
        let long = try ReportPageFilter(try #require(Form("agent=\(String(repeating: "a", count: 900))"[...])), today: today)
        #expect(long.agent?.count == ReportPageFilter.nameMax)
    }
}
