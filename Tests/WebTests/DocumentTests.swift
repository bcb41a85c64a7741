import Domain
import Foundation
import TestSupport
import Testing

@testable import Web

@Suite struct DocumentTests {
    @Test("the document tells of exactly the routes that are there")
    func routes() async throws {
        try await WebServer.with { server in
            let paths = server.document.document["paths"] as? [String: [String: Any]] ?? [:]
            let written = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
            #expect(written == Set(Routes.all.map { "\($0.method.rawValue) \($0.path)" }))
            #expect(written.count == Routes.all.count)
        }
    }

    @Test("every call of the design's table is there")
    func design() {
        let there = Set(Routes.all.map { "\($0.method.rawValue) \($0.path)" })
        for call in [
            "POST /api/v1/tickets/{number}/usages", "POST /api/v1/usages/batch", "POST /api/v1/tickets/{number}/holds",
            "POST /api/v1/holds/{id}/capture", "POST /api/v1/holds/{id}/release", "POST /api/v1/holds/{id}/extend",
            "POST /api/v1/usages/{id}/reversal", "POST /api/v1/tickets/{number}/adjustments", "POST /api/v1/tickets/{number}/transfers",
            "GET /api/v1/tickets", "GET /api/v1/tickets/{number}", "GET /api/v1/tickets/{number}/entries",
            "GET /api/v1/customers/{id}/balance", "GET /api/v1/orders/{id}", "GET /api/v1/plans", "GET /api/v1/shops/{slug}/feed",
            "POST /webhooks/woocommerce/{shop}", "GET /healthz", "GET /readyz", "GET /metrics", "GET /openapi.json",
        ] { #expect(there.contains(call), "\(call)") }
    }

    @Test("operation ids are unique, every write that the design gives a key has one, and every example fits its own schema")
    func operations() async throws {
        #expect(Set(Routes.all.map(\.operation.id)).count == Routes.all.count)
        try await WebServer.with { server in
            let check = SchemaCheck(server.document.document)
            for route in Routes.all {
                guard let body = route.operation.body else { continue }
                let methods = (server.document.document["paths"] as? [String: [String: Any]])?[route.path.description]
                let operation = methods?[route.method.rawValue.lowercased()] as? [String: Any]
                let content = (operation?["requestBody"] as? [String: Any])?["content"] as? [String: [String: Any]]
                let schema = try #require(content?["application/json"]?["schema"] as? [String: Any])
                let example = try JSONSerialization.jsonObject(with: Data(body.example.utf8))
                #expect(check.faults(example, schema, at: route.operation.id).isEmpty)
                #expect(route.bodyBytesMax > 0)
            }
        }
    }
}
