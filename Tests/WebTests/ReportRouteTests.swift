import Domain
import Foundation
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
