import Domain
import Foundation
import TestSupport
import Testing

@Suite struct HookRouteTests {
    private let body = #"{"url":"https://crm.example/hooks","topics":["credits.low","credits.empty"]}"#

    @Test("a hook is added once per key with a secret told once, read, changed, pinged, and retired")
    func life() async throws {
        try await WebServer.with { server in
            let added = try await server.post("/api/v1/hooks", body, key: "a")
            #expect(added.status == 201)
            #expect(added.string("secret")?.hasPrefix("whsec_") == true)
            let again = try await server.post("/api/v1/hooks", body, key: "a")
            #expect(again.text == added.text && again.header("idempotency-replayed") == "true")
            let id = try #require(added.number("hook.id"))
            let read = try await server.get("/api/v1/hooks/\(id)")
            #expect(read.string("url") == "https://crm.example/hooks" && !read.text.contains("whsec_"))
            let list = try await server.get("/api/v1/hooks")
            #expect((list["items"] as? [Any])?.count == 1)

            let change = #"{"url":"https://crm.example/other","topics":["ticket.opened"]}"#
            let changed = try await server.send(.put, "/api/v1/hooks/\(id)", Array(change.utf8), headers: [("Idempotency-Key", "b")])
            #expect(changed.status == 200 && changed.string("topics.0") == "ticket.opened")
            let ping = try await server.post("/api/v1/hooks/\(id)/test", "", key: "c")
            #expect(ping.status == 202 && ping.string("topic") == "hook.test")
            let deliveries = try await server.get("/api/v1/hooks/\(id)/deliveries?status=waiting")
            let delivery = try #require(deliveries.number("items.0.id"))
            #expect(try await server.post("/api/v1/hooks/\(id)/deliveries/\(delivery)/redelivery", "", key: "d").status == 202)
            #expect(try await server.post("/api/v1/hooks/\(id + 1)/deliveries/\(delivery)/redelivery", "", key: "e").status == 404)
            let retired = try await server.send(.delete, "/api/v1/hooks/\(id)", nil, headers: [("Idempotency-Key", "f")])
            #expect(retired.status == 200 && retired.string("retired_at") != nil)
            #expect(try await server.post("/api/v1/hooks/\(id)/test", "", key: "g").status == 404)
        }
    }

    @Test("a hook without a key, address or known topic is refused; another shop's is unknown")
    func refused() async throws {
        try await WebServer.with { server in
            #expect(try await server.post("/api/v1/hooks", body).status == 400)
            let topic = try await server.post("/api/v1/hooks", #"{"url":"https://crm.example/","topics":["moon"]}"#, key: "a")
            #expect(
                topic.detail
                    == #"topics: expected one or more of credits.low, credits.empty, credits.expiring, ticket.opened, found "moon""#)
            let address = try await server.post("/api/v1/hooks", #"{"url":"ftp://crm.example/","topics":["credits.low"]}"#, key: "b")
            #expect(address.status == 422 && address.string("field") == "url")
            for (number, wrong) in ["https://ana:secret@crm.example/", "https://crm.example/#top", "https://crm.example/a b", "https://crm.example/š", "https:///hooks", "https://crm.example:port/"].enumerated() {
                let answer = try await server.post("/api/v1/hooks", #"{"url":"\#(wrong)","topics":["credits.low"]}"#, key: "wrong-\(number)")
                #expect(answer.status == 422 && answer.string("field") == "url", "\(wrong)")
            }
            for right in ["https://CRM.example:8443/hooks/*?token=a%20b&x=1", "http://[2001:db8::1]/hooks"] {
                #expect(try await server.post("/api/v1/hooks", #"{"url":"\#(right)","topics":["credits.low"]}"#, key: right).status == 201, "\(right)")
            }
            let id = try #require(try await server.post("/api/v1/hooks", body, key: "c").number("hook.id"))
            let other = try await TestShop.add(to: server.shop.test, slug: "other")
            let token = try await server.token(.admin, for: other)
            #expect(try await server.get("/api/v1/hooks/\(id)", token: token).status == 404)
            #expect(try await server.get("/api/v1/hooks/\(id)/deliveries", token: token).status == 404)
            #expect(try await server.post("/api/v1/hooks/\(id)/test", "", key: "d", token: token).status == 404)
        }
    }
}
