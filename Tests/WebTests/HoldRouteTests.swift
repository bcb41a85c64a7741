import Domain
import Foundation
import TestSupport
import Testing

@Suite struct HoldRouteTests {
    @Test("a hold sets credits aside; a capture of part charges it and gives the rest back; then the hold is over")
    func capture() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let hold = try await server.post("/api/v1/tickets/\(ticket)/holds", #"{"channel":"email","quantity":3}"#, key: "h")
            #expect(hold.status == 201)
            #expect(hold.number("counters.email.held") == 3)
            let id = try #require(hold.number("hold.id"))
            let captured = try await server.post("/api/v1/holds/\(id)/capture", #"{"quantity":1}"#, key: "c")
            #expect(captured.status == 201)
            #expect(captured.string("hold.status") == "captured")
            #expect(captured.number("counters.email.remaining") == 4)
            let again = try await server.post("/api/v1/holds/\(id)/capture", #"{"quantity":1}"#, key: "c")
            #expect(again.text == captured.text && again.header("idempotency-replayed") == "true")
            let late = try await server.post("/api/v1/holds/\(id)/release", "{}", key: "r")
            #expect(late.status == 409 && late.problem == "hold-already-ended")
        }
    }

    @Test("a hold is extended and released, with or without a body")
    func release() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let body = #"{"channel":"sms","quantity":2,"expires_in_seconds":60}"#
            let hold = try await server.post("/api/v1/tickets/\(ticket)/holds", body, key: "h")
            let id = try #require(hold.number("hold.id"))
            let extended = try await server.post("/api/v1/holds/\(id)/extend", #"{"expires_in_seconds":3600}"#, key: "e")
            #expect(extended.status == 201)
            #expect(extended.string("hold.expires_at") ?? "" > hold.string("hold.expires_at") ?? "")
            let released = try await server.post("/api/v1/holds/\(id)/release", "", key: "r")
            #expect(released.status == 201)
            #expect(released.number("counters.sms.remaining") == 5)
        }
    }

    @Test("holds are refused with the same care as usages")
    func refused() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let path = "/api/v1/tickets/\(ticket)/holds"
            #expect(try await server.post(path, #"{"channel":"email","quantity":6}"#, key: "a").status == 402)
            let long = try await server.post(path, #"{"channel":"email","quantity":1,"expires_in_seconds":86401}"#, key: "b")
            #expect(long.detail == "expires_in_seconds: expected a whole number from 1 to 86400, found 86401")
            let missing = try await server.post(path, #"{"channel":"email"}"#, key: "c")
            #expect(missing.detail == "quantity: expected a whole number from 1 to 1000000, found nothing")
            let unknown = try await server.post("/api/v1/holds/77/capture", "{}", key: "d")
            #expect(unknown.status == 404 && unknown.detail == "no hold has the id 77")
        }
    }
}
