import Domain
import Foundation
import TestSupport
import Testing

@Suite struct BatchRouteTests {
    private func item(_ ticket: TicketID, _ key: String, quantity: Int = 1) -> String {
        #"{"ticket":\#(ticket),"channel":"email","quantity":\#(quantity),"key":"\#(key)"}"#
    }

    @Test("each item of a batch has its own key and its own outcome, in the order given")
    func outcomes() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let items = [
                item(ticket, "a"), item(ticket, "b", quantity: 9), item(TicketID(999_999), "c"), item(ticket, "a"), item(ticket, "a", quantity: 2),
                item(ticket, "d", quantity: 0), #"{"ticket":1,"channel":"email","quantity":1}"#, #"{"ticket":"x","channel":"email","key":"e"}"#,
                "7", #"{"ticket":1,"key":"f","colour":"red"}"#,
            ]
            let answer = try await server.post("/api/v1/usages/batch", #"{"usages":[\#(items.joined(separator: ","))]}"#)
            #expect(answer.status == 200)
            let outcomes = try #require(answer["items"] as? [[String: Any]])
            #expect(outcomes.map { $0["status"] as? Int } == [201, 402, 404, 201, 422, 422, 400, 422, 422, 422])
            #expect(outcomes.map { ($0["key"] as? String) ?? "-" } == ["a", "b", "c", "a", "a", "d", "-", "e", "-", "f"])
            #expect(outcomes.map { $0["replayed"] as? Bool } == [false, false, false, true, false, false, false, false, false, false])
            #expect(answer.number("items.0.answer.counters.email.remaining") == 4)
            #expect(try await server.shop.counter(ticket)?.used == 1)
        }
    }

    @Test("a thousand spends in one batch are decided in a few commits, and a thousand and one are refused")
    func large() async throws {
        try await WebServer.with { server in
            let tickets = try await withThrowingTaskGroup(of: TicketID.self) { group in
                for order in 0..<10 { group.addTask { try await server.shop.ticket(order: Int64(100 + order), quantity: 30) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let items = (0..<1000).map { item(tickets[$0 % tickets.count], "key-\($0)") }
            let before = server.store.spendFigures
            let answer = try await server.post("/api/v1/usages/batch", #"{"usages":[\#(items.joined(separator: ","))]}"#)
            let outcomes = try #require(answer["items"] as? [[String: Any]])
            #expect(outcomes.count == 1000)
            #expect(outcomes.allSatisfy { $0["status"] as? Int == 201 })
            #expect(server.store.spendFigures.decided - before.decided == 1000)
            #expect(server.store.spendFigures.batches - before.batches < 100)
            let more = try await server.post("/api/v1/usages/batch", #"{"usages":[\#((items + ["1"]).joined(separator: ","))]}"#)
            #expect(more.status == 422)
            #expect(more.detail == "usages: expected a list of 1 to 1000 elements, found 1001")
        }
    }
}
