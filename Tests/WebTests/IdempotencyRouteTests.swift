import Domain
import Foundation
import Store
import TestSupport
import Testing

/// P5 over HTTP.
@Suite struct IdempotencyRouteTests {
    @Test("the same key and body give the first answer again, byte for byte, and say so")
    func replay() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let path = "/api/v1/tickets/\(ticket)/usages"
            let first = try await server.post(path, #"{"channel":"email","quantity":1}"#, key: "k")
            let again = try await server.post(path, #"{ "quantity" : 1.0, "channel":"em\u0061il" }"#, key: "k")
            #expect(first.status == 201 && again.status == 201)
            #expect(first.text == again.text)
            #expect(again.header("idempotency-replayed") == "true")
            #expect(try await server.shop.counter(ticket)?.used == 1)
        }
    }

    @Test("the same key with another body, ticket or route is 422")
    func reused() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let other = try await server.shop.ticket(order: 54)
            _ = try await server.spend(ticket, key: "k")
            let answers = [
                try await server.spend(ticket, "email", 2, key: "k"), try await server.spend(other, key: "k"),
                try await server.post("/api/v1/tickets/\(ticket)/holds", #"{"channel":"email","quantity":1}"#, key: "k"),
            ]
            for answer in answers {
                #expect(answer.status == 422)
                #expect(answer.problem == "idempotency-key-reused")
                #expect(answer.string("field") == "Idempotency-Key")
            }
        }
    }

    @Test("without a key, or with a malformed one, a write is 400")
    func missing() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            for key in [nil, "", String(repeating: "k", count: 256), "ključ"] {
                let answer = try await server.post("/api/v1/tickets/\(ticket)/usages", #"{"channel":"email","quantity":1}"#, key: key)
                #expect(answer.status == 400)
                #expect(answer.problem?.hasPrefix("idempotency-key-m") == true)
            }
            #expect(try await server.shop.counter(ticket)?.used == 0)
        }
    }

    @Test("one key from 50 connections makes one entry and 50 equal answers")
    func parallel() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let answers = try await withThrowingTaskGroup(of: WebAnswer.self) { group in
                for _ in 0..<50 { group.addTask { try await server.spend(ticket, key: "same") } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(Set(answers.map(\.text)).count == 1)
            #expect(answers.allSatisfy { $0.status == 201 })
            #expect(answers.filter { $0.header("idempotency-replayed") == nil }.count == 1)
            #expect(try await server.shop.counter(ticket)?.used == 1)
        }
    }

    @Test("a refusal for want of credits stays with its key: after a top-up a new key is needed")
    func refusalIsStored() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let refused = try await server.spend(ticket, "email", 6, key: "k")
            #expect(refused.status == 402)
            let more = #"{"channel":"email","quantity":5,"reason":"goodwill","note":"For the wait"}"#
            #expect(try await server.post("/api/v1/tickets/\(ticket)/adjustments", more, key: "more").status == 201)
            let again = try await server.spend(ticket, "email", 6, key: "k")
            #expect(again.status == 402 && again.text == refused.text)
            #expect(again.header("idempotency-replayed") == "true")
            #expect(try await server.spend(ticket, "email", 6, key: "k2").status == 201)
        }
    }

    @Test("a malformed request does not use its key up")
    func mistakesAreNotStored() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let path = "/api/v1/tickets/\(ticket)/usages"
            #expect(try await server.post(path, #"{"channel":"email","quantity":0}"#, key: "k").status == 422)
            #expect(try await server.post(path, #"{"channel":"fax","quantity":1}"#, key: "k").status == 422)
            #expect(try await server.post(path, "{", key: "k").status == 400)
            #expect(try await server.post(path, #"{"channel":"email","quantity":1}"#, key: "k").status == 201)
        }
    }

    @Test("keys belong to the shop: another shop may use the same one")
    func keysOfShops() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let foreign = try await other.ticket()
            let token = try await server.token(.usageWrite, for: other)
            #expect(try await server.spend(ticket, key: "k").status == 201)
            let answer = try await server.spend(foreign, key: "k", token: token)
            #expect(answer.status == 201)
            #expect(answer.header("idempotency-replayed") == nil)
        }
    }
}
