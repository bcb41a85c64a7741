import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite struct SpendingRouteTests {
    @Test("a spend over HTTP answers 201 with the entry and all counters, and the ticket shows it")
    func spend() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let body = #"{"channel":"email","quantity":2,"agent":"Ana","reference":"mail-1","occurred_at":"2026-11-01T10:00:00+01:00"}"#
            let answer = try await server.post("/api/v1/tickets/\(ticket)/usages", body, key: "k1")
            #expect(answer.status == 201)
            #expect(answer.header("content-type") == "application/json")
            #expect(answer.header("idempotency-replayed") == nil)
            #expect(answer.string("entry.agent") == "Ana")
            #expect(answer.string("entry.occurred_at") == "2026-11-01T09:00:00.000000Z")
            #expect(answer.number("counters.email.remaining") == 3)
            #expect(answer.number("counters.sms.remaining") == 5)
            let read = try await server.get("/api/v1/tickets/\(ticket)")
            #expect(read.status == 200)
            #expect(read.number("counters.email.used") == 2)
        }
    }

    @Test("the agent is the token unless one is named")
    func agent() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            #expect(try await server.spend(ticket).string("entry.agent") == "admin")
        }
    }

    @Test("of 200 parallel spenders of one credit, one gets 201 and 199 are told that 0 remain")
    func lastCredit() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            #expect(try await server.spend(ticket, "email", 4).status == 201)
            let answers = try await withThrowingTaskGroup(of: WebAnswer.self) { group in
                for _ in 0..<200 { group.addTask { try await server.spend(ticket) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers.filter { $0.status == 201 }.count == 1)
            let refused = answers.filter { $0.status == 402 }
            #expect(refused.count == 199)
            #expect(refused.allSatisfy { $0.problem == "insufficient-credits" && $0.number("remaining") == 0 })
        }
    }

    @Test("a preview gives what booking would give, and writes nothing")
    func preview() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let long = String(repeating: "a", count: 161)
            let answer = try await server.post("/api/v1/tickets/\(ticket)/usages/preview", #"{"channel":"sms","text":"\#(long)"}"#)
            #expect(answer.status == 200)
            #expect(answer.text == #"{"quantity":2,"rule_version":1}"#)
            let given = try await server.post("/api/v1/tickets/\(ticket)/usages/preview", #"{"channel":"email","quantity":3}"#)
            #expect(given.text == #"{"quantity":3,"rule_version":null}"#)
            #expect(try await server.shop.counter(ticket, .sms)?.used == 0)
        }
    }
}
