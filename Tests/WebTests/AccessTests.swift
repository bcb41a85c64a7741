import Domain
import Foundation
import TestSupport
import Testing

@testable import Web

@Suite struct AccessTests {
    @Test("every route that needs a token refuses a missing, malformed, unknown or retired one with 401 and a challenge")
    func tokens() async throws {
        try await WebServer.with { server in
            let retired = try await server.store.createToken(scopes: [.admin], label: "old", for: server.shop.id, by: .commandLine).get()
            _ = try await server.store.retireToken(retired.token.id, in: server.shop.id, by: .commandLine)
            for route in Routes.all where route.scope != nil {
                let path = RouteSamples.path(route)
                for token in ["", "sm_unknown", "nonsense", retired.text.value] {
                    let answer = try await server.send(RouteSamples.method(route), path, RouteSamples.body(route), token: token)
                    #expect(answer.status == 401, "\(route.method) \(path)")
                    #expect(answer.problem == "unauthorized")
                    #expect(answer.header("www-authenticate") == "Bearer realm=\"supportmeter\"")
                }
            }
        }
    }

    @Test("every route lets in its own scope and `admin`, and refuses every other with 403 that names it")
    func scopes() async throws {
        try await WebServer.with { server in
            var tokens: [TokenScope: String] = [:]
            for scope in TokenScope.allCases { tokens[scope] = try await server.token(scope) }
            for route in Routes.all {
                guard let needed = route.scope else { continue }
                for (scope, token) in tokens {
                    let answer = try await server.send(
                        RouteSamples.method(route), RouteSamples.path(route), RouteSamples.body(route), token: token,
                        headers: [("Idempotency-Key", UUID().uuidString)])
                    if scope == needed || scope == .admin {
                        #expect(![401, 403].contains(answer.status), "\(route.method) \(route.path) \(scope)")
                    } else {
                        #expect(answer.status == 403, "\(route.method) \(route.path) \(scope)")
                        #expect(answer.detail == "the token needs the scope \(needed.rawValue)")
                    }
                }
            }
        }
    }

    @Test("the scope in any letter case of `Bearer` is read, and nothing else is taken for a token")
    func header() async throws {
        try await WebServer.with { server in
            let headers = [
                ("bearer \(server.admin)", 200), ("Basic \(server.admin)", 401), (server.admin, 401), ("Bearer \(server.admin) x", 401),
                ("Bearer " + String(repeating: "x", count: 5000), 401),
            ]
            for (header, status) in headers {
                let answer = try await server.get("/api/v1/tickets", token: "", headers: [("Authorization", header)])
                #expect(answer.status == status)
            }
        }
    }

    @Test("a token of one shop cannot tell another shop's ticket, hold, usage, order or customer from one that nobody has (P13)")
    func otherShops() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            let usage = try #require(try await server.spend(ticket).number("entry.id"))
            let hold = try #require(
                try await server.post("/api/v1/tickets/\(ticket)/holds", #"{"channel":"email","quantity":1}"#, key: "h").number("hold.id"))
            let customer = try #require(try await server.get("/api/v1/tickets/\(ticket)").number("customer.id"))
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let mine = try await other.ticket(order: 77)
            let token = try await server.token(.admin, for: other)
            let nobody = 424_242
            let pairs: [(String, String, String?)] = [
                ("tickets/\(ticket)", "tickets/\(nobody)", nil), ("tickets/\(ticket)/entries", "tickets/\(nobody)/entries", nil),
                ("customers/\(customer)", "customers/\(nobody)", nil), ("customers/\(customer)/balance", "customers/\(nobody)/balance", nil),
                ("orders/53", "orders/\(nobody)", nil), ("shops/demo/feed", "shops/nobody/feed", nil),
                ("tickets/\(ticket)/usages", "tickets/\(nobody)/usages", #"{"channel":"email","quantity":1}"#),
                ("tickets/\(ticket)/holds", "tickets/\(nobody)/holds", #"{"channel":"email","quantity":1}"#),
                ("holds/\(hold)/capture", "holds/\(nobody)/capture", "{}"), ("holds/\(hold)/release", "holds/\(nobody)/release", "{}"),
                ("holds/\(hold)/extend", "holds/\(nobody)/extend", "{}"), ("usages/\(usage)/reversal", "usages/\(nobody)/reversal", "{}"),
                (
                    "tickets/\(ticket)/adjustments", "tickets/\(nobody)/adjustments",
                    #"{"channel":"email","quantity":1,"reason":"other","note":"n"}"#
                ),
                (
                    "tickets/\(ticket)/transfers", "tickets/\(nobody)/transfers",
                    #"{"to":\#(mine),"channel":"email","quantity":1,"reason":"other","note":"n"}"#
                ),
                (
                    "tickets/\(mine)/transfers", "tickets/\(mine)/transfers",
                    #"{"to":\#(ticket),"channel":"email","quantity":1,"reason":"other","note":"n"}"#
                ),
            ]
            for (foreign, unknown, body) in pairs {
                func ask(_ path: String) async throws -> WebAnswer {
                    guard let body else { return try await server.get("/api/v1/" + path, token: token) }
                    return try await server.post("/api/v1/" + path, body, key: UUID().uuidString, token: token)
                }
                let (first, second) = (try await ask(foreign), try await ask(unknown))
                #expect(first.status == 404 && second.status == 404, "\(foreign)")
                #expect(first.problem == second.problem)
            }
            let list = try await server.get("/api/v1/tickets", token: token).text
            #expect(list.contains("\"number\":\(mine)") && !list.contains("\"number\":\(ticket)"))
            #expect(try await server.shop.counter(ticket)?.remaining == 3)
        }
    }
}
