import Domain
import Foundation
import TestSupport
import Testing

@Suite struct ReadingRouteTests {
    @Test("lists go on by cursor until there is no more, and a cursor of one list is refused by another")
    func cursors() async throws {
        try await WebServer.with { server in
            var numbers: [Int] = []
            for order in 0..<5 { numbers.append(Int(try await server.shop.ticket(order: Int64(100 + order)).rawValue)) }
            var seen: [Int] = []
            var next: String?
            repeat {
                let page = try await server.get("/api/v1/tickets?limit=2" + (next.map { "&after=\($0)" } ?? ""))
                seen += (page["items"] as? [[String: Any]] ?? []).compactMap { $0["number"] as? Int }
                next = page.string("next")
            } while next != nil
            #expect(seen == numbers.sorted(by: >))
            let page = try await server.get("/api/v1/tickets?limit=2")
            let foreign = try await server.get("/api/v1/tickets/\(numbers[0])/entries?after=\(page.string("next") ?? "")")
            #expect(foreign.status == 422)
        }
    }

    @Test("tickets are filtered by status, customer, order, channel and low counters")
    func filters() async throws {
        try await WebServer.with { server in
            let ana = try await server.shop.ticket()
            let boris = try await server.shop.ticket(order: 54, productID: 13, email: "boris@example.test")
            let customer = try #require(try await server.get("/api/v1/tickets/\(boris)").number("customer.id"))
            func numbers(_ query: String) async throws -> [Int] {
                let items = try await server.get("/api/v1/tickets?" + query)["items"] as? [[String: Any]] ?? []
                return items.compactMap { $0["number"] as? Int }
            }
            #expect(try await numbers("status=open").count == 2)
            #expect(try await numbers("status=closed").isEmpty)
            #expect(try await numbers("customer=\(customer)") == [Int(boris.rawValue)])
            #expect(try await numbers("order=53") == [Int(ana.rawValue)])
            #expect(try await numbers("channel=sms") == [Int(ana.rawValue)])
            #expect(try await numbers("low=true&channel=email").isEmpty)
            _ = try await server.spend(ana, "email", 3)
            #expect(try await numbers("low=true&channel=email") == [Int(ana.rawValue)])
        }
    }

    @Test("entries, customer, balance, order, plans, channels and feed are read, each as the document says")
    func everything() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            _ = try await server.spend(ticket, "email", 2)
            let entries = try await server.get("/api/v1/tickets/\(ticket)/entries?limit=200")
            #expect((entries["items"] as? [[String: Any]])?.last?["kind"] as? String == "usage")
            let customer = try #require(try await server.get("/api/v1/tickets/\(ticket)").number("customer.id"))
            #expect(try await server.get("/api/v1/customers/\(customer)").string("email") == "ana@example.test")
            let balance = try await server.get("/api/v1/customers/\(customer)/balance")
            #expect(balance.number("counters.email.remaining") == 3)
            let past = try await server.get("/api/v1/customers/\(customer)/balance?at=2020-01-01T00:00:00Z")
            #expect(past.status == 200 && past["counters.email"] == nil)
            #expect(try await server.get("/api/v1/customers/\(customer)/balance?at=2027-01-01T00:00:00%2B01:00").status == 200)
            let order = try await server.get("/api/v1/orders/53")
            #expect(order.string("lines.0.plan") == "Podpora START")
            let plans = try await server.get("/api/v1/plans")
            #expect(plans.string("items.0.name") == "Podpora START" && plans.number("items.0.low.email") == 2)
            #expect(try await server.get("/api/v1/channels").string("items.1.rule.kind") == "sms-segments")
            #expect(try await server.get("/api/v1/shops/demo/feed").string("kind") == "rest")
            for path in ["customers/99", "customers/99/balance", "orders/99", "shops/nobody/feed", "tickets/99/entries"] {
                #expect(try await server.get("/api/v1/" + path).status == 404)
            }
        }
    }

    @Test("HEAD answers as GET does, without the body")
    func head() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let body = try await server.get("/api/v1/tickets/\(ticket)").text
            let request = "HEAD /api/v1/tickets/\(ticket) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.admin)\r\nConnection: close\r\n\r\n"
            let answer = try await RawConnection.exchange(server.address, request)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.lowercased().contains("content-length: \(body.utf8.count)\r\n"))
            #expect(answer.hasSuffix("\r\n\r\n"))
        }
    }
}
