import Domain
import Foundation
import Reports
import TestSupport
import Testing

@Suite struct ReportRouteTests {
    @Test("the ledger is streamed as CSV and as JSON lines, whole, to a token that may report")
    func entries() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket(quantity: 100)
            for place in 0..<50 { _ = try await server.spend(ticket, "email", 1, key: "k\(place)") }
            let token = try await server.token(.reportRead)
            let csv = try await server.get("/api/v1/reports/entries", token: token)
            #expect(csv.status == 200)
            #expect(csv.header("content-disposition") == #"attachment; filename="entries-demo.csv""#)
            let lines = csv.text.split(separator: "\r\n")
            #expect(lines.count == 1 + 3 + 50)
            let json = try await server.get("/api/v1/reports/entries?format=jsonl&kind=usage&channel=email", token: token)
            #expect(json.header("content-type") == "application/jsonl")
            #expect(json.text.split(separator: "\n").count == 50)
            #expect(try await server.get("/api/v1/reports/entries?from=2020-01&through=2020-02", token: token).text.split(separator: "\r\n").count == 1)
        }
    }

    @Test("every report of finance is streamed as CSV and JSON lines to a token that may report, and to no other", arguments: FinanceReport.allCases)
    func finance(report: FinanceReport) async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            _ = try await server.spend(ticket, "email", 1, key: "k")
            let customer = try #require(try await server.shop.store.customer(ofTicket: ticket, in: server.shop.id))
            let words = report == .statement ? "customer=\(customer)&" : ""
            let token = try await server.token(.reportRead)
            let csv = try await server.get("/api/v1/reports/\(report.rawValue)?\(words)", token: token)
            #expect(csv.status == 200 && csv.text.split(separator: "\r\n").count > 1, "\(csv.text)")
            #expect(csv.header("content-disposition")?.contains("\(report.rawValue)-demo.csv") == true)
            let json = try await server.get("/api/v1/reports/\(report.rawValue)?\(words)format=jsonl", token: token)
            #expect(json.header("content-type") == "application/jsonl" && json.text.hasPrefix("{"))
            let other = try await server.token(.balanceRead)
            #expect(try await server.get("/api/v1/reports/\(report.rawValue)?\(words)", token: other).status == 403)
            #expect(try await server.get("/api/v1/reports/\(report.rawValue)?currency=euro", token: token).status == 422)
        }
    }

    @Test("the journal is a file for the accounting program, in one currency; where there is nothing to book it is 404")
    func journal() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            _ = try await server.spend(ticket, "email", 1, key: "k")
            let token = try await server.token(.reportRead)
            let month = try await server.shop.shop().zone.day(of: server.shop.clock.now).description.prefix(7)
            let xero = try await server.get("/api/v1/reports/journal?for=xero&period=\(month)", token: token)
            #expect(xero.status == 200 && xero.text.contains("SM-\(month)-EUR") && xero.text.contains(",Tax Exempt,49.00"))
            #expect(xero.header("content-disposition")?.contains("journal-demo-xero-EUR.csv") == true)
            let quickBooks = try await server.get("/api/v1/reports/journal?for=quickbooks", token: token)
            #expect(quickBooks.status == 200 && quickBooks.text.hasPrefix("JournalNo,"))
            for (query, status) in [("for=xero&period=2020", 404), ("for=xero&currency=JPY", 404), ("", 422), ("for=sage", 422), ("for=xero&period=2020-13", 422), ("for=xero&currency=euro", 422)] {
                #expect(try await server.get("/api/v1/reports/journal?" + query, token: token).status == status, "\(query)")
            }
            #expect(try await server.get("/api/v1/reports/journal?for=xero", token: try await server.token(.balanceRead)).status == 403)
        }
    }

    @Test("a report's wrong parameters are named")
    func wrong() async throws {
        try await WebServer.with { server in
            for (query, field) in [("from=May", "from"), ("from=2026-05&through=2026-04", "through"), ("format=xls", "format"), ("kind=gift", "kind")] {
                let answer = try await server.get("/api/v1/reports/entries?" + query)
                #expect(answer.status == 422)
                #expect(answer.string("field") == field)
            }
        }
    }
}
