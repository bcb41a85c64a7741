import Domain
import Foundation
import TestSupport
import Testing

/// What it must show, no. 6: each with its message.
@Suite struct BadInputTests {
    private static let fields: [(body: String, detail: String)] = [
        (#"{"channel":"email","quantity":0}"#, "quantity: expected 1 to 1000000, found 0"),
        (#"{"channel":"email","quantity":-1}"#, "quantity: expected 1 to 1000000, found -1"),
        (#"{"channel":"email","quantity":1000001}"#, "quantity: expected 1 to 1000000, found 1000001"),
        (
            #"{"channel":"email","quantity":9223372036854775808}"#,
            "quantity: expected a whole number from 1 to 1000000, found 9223372036854775808"
        ),
        (#"{"channel":"email","quantity":1e30}"#, "quantity: expected a whole number from 1 to 1000000, found 1e30"),
        (#"{"channel":"email","quantity":1.5}"#, "quantity: expected a whole number from 1 to 1000000, found 1.5"),
        (#"{"channel":"email","quantity":"abc"}"#, #"quantity: expected a whole number from 1 to 1000000, found "abc""#),
        (#"{"channel":"email","quantity":[1]}"#, "quantity: expected a whole number from 1 to 1000000, found a list"),
        (#"{"channel":"email","quantity":true}"#, "quantity: expected a whole number from 1 to 1000000, found true"),
        (#"{"channel":"email"}"#, "quantity: expected 1 to 1000000, found nothing"),
        (#"{"channel":"email","quantity":null}"#, "quantity: expected 1 to 1000000, found nothing"),
        (#"{"quantity":1}"#, "channel: expected a text of 1 to 32 characters, found nothing"),
        (#"{"channel":"fax","quantity":1}"#, #"channel: expected one of email, sms, video, found "fax""#),
        (#"{"channel":7,"quantity":1}"#, "channel: expected a text of 1 to 32 characters, found 7"),
        (
            #"{"channel":"email","quantity":1,"agnt":"Ana"}"#,
            "agnt: there is no such field; expected one of channel, quantity, text, seconds, agent, reference, occurred_at"
        ),
        (#"{"channel":"email","quantity":1,"agent":""}"#, #"agent: expected a text of 1 to 200 characters, found """#),
        (
            #"{"channel":"email","quantity":1,"occurred_at":"yesterday"}"#,
            #"occurred_at: expected a time such as 2026-03-01T09:30:00Z (RFC 3339), found "yesterday""#
        ),
        (#"[1]"#, "the body: expected an object, found a list"), (#""x""#, #"the body: expected an object, found "x""#),
    ]

    @Test("a field that is wrong is 422 and says which, what would be right and what was found")
    func wrongFields() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            for (body, detail) in Self.fields {
                let answer = try await server.post("/api/v1/tickets/\(ticket)/usages", body, key: "k")
                #expect(answer.status == 422, "\(body)")
                #expect(answer.detail == detail)
                #expect(answer.problem != nil)
                let field = detail.split(separator: ":").first.map(String.init)
                #expect(answer.string("field") == (field == "the body" ? nil : field))
            }
        }
    }

    private static let notJSON: [(body: [UInt8], detail: String)] = [
        (Array("{".utf8), "the body is not JSON: it ends in the middle of a value"),
        (Array("".utf8), "the body is empty; expected a JSON object"),
        (Array(#"{"channel":"email",}"#.utf8), "the body is not JSON: unexpected character at byte 19"),
        (Array(#"{"quantity":01}"#.utf8), "the body is not JSON: unexpected character at byte 13"),
        (Array(#"{"quantity":NaN}"#.utf8), "the body is not JSON: unexpected character at byte 12"),
        (Array("{} x".utf8), "the body is not JSON: unexpected character at byte 3"),
        ([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D], "the body is not UTF-8"),
        (Array(#"{"channel":"\ud800"}"#.utf8), "the body is not UTF-8"),
        ([0x7B, 0x00, 0x7D], "the body contains a NUL character"),
        (Array(#"{"channel":"e\u0000"}"#.utf8), "the body contains a NUL character"),
        (Array(#"{"quantity":1,"quantity":2}"#.utf8), #"the member "quantity" occurs twice in one object"#),
        (Array((String(repeating: "[", count: 17) + String(repeating: "]", count: 17)).utf8), "the body is nested deeper than 16 levels"),
    ]

    @Test("a body that is not JSON is 400 and says why")
    func bodies() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            for (body, detail) in Self.notJSON {
                let answer = try await server.send(.post, "/api/v1/tickets/\(ticket)/usages", body, headers: [("Idempotency-Key", "k")])
                #expect(answer.status == 400, "\(detail)")
                #expect(answer.problem == "malformed-body")
                #expect(answer.detail == detail)
            }
        }
    }

    @Test("an unknown ticket is 404, whatever stands where its number should be")
    func unknownTicket() async throws {
        try await WebServer.with { server in
            for number in ["999999", "abc", "0", "-1", "9223372036854775808", "1e3", "%00"] {
                for answer in [
                    try await server.post("/api/v1/tickets/\(number)/usages", #"{"channel":"email","quantity":1}"#, key: "k-\(number.utf8.count)"),
                    try await server.get("/api/v1/tickets/\(number)"),
                ] {
                    #expect(answer.status == 404, "\(number)")
                    #expect(answer.problem == "unknown-ticket")
                }
            }
        }
    }

    @Test("an address that does not exist is 404, one that does answers 405 to another method and names the right ones")
    func addresses() async throws {
        try await WebServer.with { server in
            let nowhere = try await server.get("/api/v1/nothing")
            #expect(nowhere.status == 404 && nowhere.problem == "unknown-address")
            let wrong = try await server.send(.delete, "/api/v1/tickets", nil)
            #expect(wrong.status == 405 && wrong.problem == "method-not-allowed")
            #expect(wrong.header("allow") == "GET, HEAD")
        }
    }

    private static let queries: [(query: String, detail: String)] = [
        ("limit=0", #"limit: expected a whole number from 1 to 200, found "0""#),
        ("limit=201", #"limit: expected a whole number from 1 to 200, found "201""#),
        ("limit=x", #"limit: expected a whole number from 1 to 200, found "x""#),
        ("after=zzz", #"after: expected the `next` of this list's page before, found "zzz""#),
        ("status=lost", #"status: expected one of open, waiting, solved, closed, found "lost""#),
        ("customer=-1", #"customer: expected a whole number from 1 to 9223372036854775807, found "-1""#),
        ("channel=E%20mail", #"channel: expected the name of a channel, found "E mail""#),
        ("low=1", #"low: expected true or false, found "1""#), ("limit=1&limit=2", "limit: expected one value, found several"),
        ("limit=%ff", "limit: expected percent-encoded UTF-8 without NUL"),
        ("stauts=open", "stauts: there is no such query parameter; expected one of status, customer, order, channel, low, limit, after"),
    ]

    @Test("a query parameter that is wrong is 422 and is named")
    func query() async throws {
        try await WebServer.with { server in
            for (query, detail) in Self.queries {
                let answer = try await server.get("/api/v1/tickets?" + query)
                #expect(answer.status == 422, "\(query)")
                #expect(answer.detail == detail)
            }
        }
    }

    @Test("a body above its route's limit is 413, and the connection still serves")
    func tooLarge() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let body = #"{"channel":"email","text":"\#(String(repeating: "a", count: 70_000))"}"#
            let answer = try await server.post("/api/v1/tickets/\(ticket)/usages", body, key: "k")
            #expect(answer.status == 413)
            #expect(answer.problem == "body-too-large")
            #expect(answer.detail == "the body may have at most 65536 bytes on this route")
            #expect(try await server.spend(ticket).status == 201)
        }
    }
}
