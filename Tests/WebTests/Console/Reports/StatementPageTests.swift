import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

@Suite("a customer's statement on the reports' page")
struct StatementPageTests {
    private func text(_ page: String, after mark: String) -> [String] {
        guard let section = page.components(separatedBy: mark).dropFirst().first?.components(separatedBy: "</tbody>").first else { return [] }
        return section.components(separatedBy: "<tr").dropFirst().map { row in
            row.components(separatedBy: "<td").dropFirst().map { String($0.drop { $0 != ">" }.dropFirst().prefix { $0 != "<" }) }.joined(separator: "|")
        }
    }

    @Test("a period that goes on opens and closes with what is there, by channel and currency; one in which nothing happened says so")
    func opens() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1)
            #expect(try await server.shop.spend(ticket, "email", 2).isSuccess)
            let customer = try #require(try await server.store.customer(ofTicket: ticket, in: server.shop.id))
            let finance = try await server.browser(.finance)
            let bought = try await finance.get("/reports?customer=\(customer)").text
            #expect(!bought.contains("Opening balance") && !bought.contains("Nothing happened in this period."))
            let closing = text(bought, after: "<tbody id=\"closing\">")
            #expect(closing.count == 3 && closing[0].contains("||e-mail|Closing balance||3||€9.80"), "\(closing)")

            server.shop.clock.advance(seconds: 40 * 86_400)
            let later = try await server.browser(.finance, "later@example.test").get("/reports?customer=\(customer)").text
            let statement = try #require(later.components(separatedBy: "id=\"statement\"").dropFirst().first)
            #expect(statement.components(separatedBy: "Opening balance").count == 4 && statement.contains("Nothing happened in this period."))
            #expect(text(later, after: "<tbody id=\"closing\">").first?.hasSuffix("||e-mail|Closing balance||3||€9.80") == true)
        }
    }

    @Test("where the page has no room for all lines, it still closes on what is there")
    func long() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(order: 1, quantity: 30)
            for _ in 0..<104 { #expect(try await server.shop.spend(ticket, "email", 1).isSuccess) }
            let customer = try #require(try await server.store.customer(ofTicket: ticket, in: server.shop.id))
            let page = try await server.browser(.finance).get("/reports?customer=\(customer)").text
            #expect(page.contains("These are the first rows of the period"))
            let statement = try #require(page.components(separatedBy: "id=\"statement\"").dropFirst().first)
            #expect(text(statement, after: "<tbody>").count == 100)
            #expect(text(page, after: "<tbody id=\"closing\">").first?.contains("|e-mail|Closing balance||46||") == true)
        }
    }
}
