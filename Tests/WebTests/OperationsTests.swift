import Curl
import Domain
import Foundation
import Store
import TestSupport
import Testing

@Suite struct OperationsTests {
    @Test("liveness, readiness and figures answer without a token")
    func health() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            _ = try await server.spend(ticket)
            _ = try await server.spend(ticket, "email", 99)
            #expect(try await server.get("/healthz", token: "").text == #"{"status":"ok"}"#)
            let ready = try await server.get("/readyz", token: "")
            #expect(ready.status == 200 && ready.number("schema") == Store.schemaVersion)
            let metrics = try await server.get("/metrics", token: "")
            #expect(metrics.header("content-type") == "text/plain; version=0.0.4; charset=utf-8")
            for line in [
                #"supportmeter_http_requests_total{method="POST",route="/api/v1/tickets/{number}/usages",status="201"} 1"#,
                #"supportmeter_http_requests_total{method="POST",route="/api/v1/tickets/{number}/usages",status="402"} 1"#,
                #"supportmeter_http_request_seconds_count{method="POST",route="/api/v1/tickets/{number}/usages"} 2"#,
                "supportmeter_spends_waiting 0", "supportmeter_spends_decided_total 2", "supportmeter_database_up 1",
                #"supportmeter_feed_rejects{shop="demo"} 0"#, #"supportmeter_outbox_waiting{shop="demo"}"#, "process_resident_memory_bytes ",
            ] { #expect(metrics.text.contains(line), "\(line)") }
            #expect(!metrics.text.contains("ana@"))
        }
    }

    @Test("a database that is away makes it alive but not ready, and every call 503 with Retry-After")
    func databaseAway() async throws {
        try await WebServer.withoutDatabase { server in
            #expect(try await server.get("/healthz").status == 200)
            for answer in [try await server.get("/readyz"), try await server.get("/api/v1/tickets"), try await server.spend(TicketID(1))] {
                #expect(answer.status == 503)
                #expect(answer.detail == "the database is not reachable; nothing was booked")
                #expect(answer.header("retry-after") == "2")
            }
            #expect(try await server.get("/metrics").text.contains("supportmeter_database_up 0"))
        }
    }

    @Test("a request keeps its own id, or gets one, in the answer and in the log; a line of log has the route, never the address")
    func requestIDs() async throws {
        try await WebServer.with { server in
            let given = try await server.get("/api/v1/tickets?status=open", headers: [("X-Request-ID", "abc-1")])
            #expect(given.header("x-request-id") == "abc-1")
            let line = try #require(server.log.all.first { $0.contains("request=abc-1") })
            #expect(line.contains("method=GET") && line.contains("route=/api/v1/tickets") && line.contains("status=200") && line.contains("ms="))
            let bad = try await server.get("/healthz", headers: [("X-Request-ID", "a b\"c")])
            #expect(bad.header("x-request-id") != "a b\"c" && bad.header("x-request-id")?.isEmpty == false)
            for header in ["x-content-type-options", "content-security-policy", "cache-control"] { #expect(given.header(header) != nil) }
        }
    }

    @Test("no token, secret, query or header value stands in the log")
    func secrets() async throws {
        try await WebServer.with { server in
            let ticket = try await server.shop.ticket()
            _ = try await server.spend(ticket, key: "hidden-key-1")
            _ = try await server.get("/api/v1/tickets?after=hiddencursor", headers: [("X-Extra", "hidden-header")])
            _ = try await server.get("/api/v1/tickets", token: "sm_hidden_guess")
            _ = try await server.get("/hidden-path?hidden-query=1")
            _ = try await server.post("/webhooks/woocommerce/demo", "{}", headers: [("X-WC-Webhook-Signature", "hidden-signature")])
            let log = server.log.text
            #expect(log.contains("status=201") && log.contains("status=401"))
            for secret in [server.admin, "hidden", "hook-secret", "ana@"] { #expect(!log.contains(secret), "\(secret)") }
        }
    }

    @Test("a pushed webhook is accepted with its signature, answered when it is a ping, and refused otherwise")
    func pushes() async throws {
        try await WebServer.with { server in
            let body = #"{"id":53,"status":"processing"}"#
            let signature = WebhookSignature.sign(Array(body.utf8), secret: SecretText("supportmeter-hook-secret"))
            func push(_ shop: String, _ signature: String) async throws -> WebAnswer {
                try await server.post(
                    "/webhooks/woocommerce/\(shop)", body, token: "",
                    headers: [("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-Signature", signature)])
            }
            #expect(try await push("demo", signature).text == #"{"result":"accepted"}"#)
            #expect(try await push("demo", "AAAA").status == 401)
            #expect(try await push("nobody", signature).status == 404)
            let ping = try await server.post(
                "/webhooks/woocommerce/demo", "webhook_id=1", token: "", headers: [("Content-Type", "application/x-www-form-urlencoded")])
            #expect(ping.status == 200)
        }
    }
}
