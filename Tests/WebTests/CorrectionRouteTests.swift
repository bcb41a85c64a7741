import Domain
import Foundation
import TestSupport
import Testing

@Suite struct CorrectionRouteTests {
    @Test("a usage is reversed in parts, never beyond what it took")
    func reversal() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let usage = try #require(try await server.spend(ticket, "email", 3).number("entry.id"))
            let part = try await server.post(
                "/api/v1/usages/\(usage)/reversal", #"{"quantity":2,"reason":"correction","note":"Wrong address"}"#, key: "r1")
            #expect(part.status == 201)
            #expect(part.number("counters.email.remaining") == 4)
            #expect(part.number("entry.corrects") == usage)
            let beyond = try await server.post("/api/v1/usages/\(usage)/reversal", #"{"quantity":2}"#, key: "r2")
            #expect(beyond.status == 409 && beyond.problem == "reversal-exceeds-usage")
            #expect(try await server.post("/api/v1/usages/\(usage)/reversal", "", key: "r3").number("counters.email.remaining") == 5)
        }
    }

    @Test("an adjustment gives or takes credits with a reason and a note")
    func adjustment() async throws {
        try await WebServer.with { server in
            let path = "/api/v1/tickets/\(try await server.shop.ticket())/adjustments"
            let given = try await server.post(
                path, #"{"channel":"email","quantity":2,"reason":"goodwill","note":"Za čakanje","expires_at":"2027-01-01T00:00:00Z"}"#, key: "a")
            #expect(given.status == 201)
            #expect(given.string("entry.note") == "Za čakanje")
            #expect(given.number("counters.email.remaining") == 7)
            let taken = try await server.post(path, #"{"channel":"email","quantity":-1,"reason":"correction","note":"One too many"}"#, key: "b")
            #expect(taken.number("counters.email.revoked") == 1)
            let nothing = try await server.post(path, #"{"channel":"email","quantity":0,"reason":"other","note":"n"}"#, key: "c")
            #expect(nothing.detail == "quantity: expected -1000000 to 1000000 and not 0, found 0")
            let reason = try await server.post(path, #"{"channel":"email","quantity":1,"reason":"whim","note":"n"}"#, key: "d")
            #expect(reason.detail == #"reason: expected one of goodwill, correction, migration, other, found "whim""#)
            let note = try await server.post(path, #"{"channel":"email","quantity":1,"reason":"other"}"#, key: "e")
            #expect(note.detail == "note: expected a text of 1 to 2000 characters, found nothing")
        }
    }

    @Test("a transfer moves credits to another ticket of the same customer, and to nobody else's")
    func transfer() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let sister = try await server.shop.ticket(order: 54)
            let stranger = try await server.shop.ticket(order: 55, email: "boris@example.test")
            func body(_ to: TicketID) -> String { #"{"to":\#(to),"channel":"email","quantity":2,"reason":"other","note":"Asked for"}"# }
            let path = "/api/v1/tickets/\(ticket)/transfers"
            #expect(try await server.post(path, body(sister), key: "a").number("counters.email.remaining") == 3)
            #expect(try await server.shop.counter(sister)?.remaining == 7)
            #expect(try await server.post(path, body(stranger), key: "b").problem == "transfer-to-other-customer")
            #expect(try await server.post(path, body(ticket), key: "c").problem == "same-ticket")
            #expect(try await server.post(path, body(TicketID(999_999)), key: "d").status == 404)
        }
    }
}
