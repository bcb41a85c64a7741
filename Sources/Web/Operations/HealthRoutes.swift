import Store

/// Is it alive, can it work, how much does it do: for whatever watches the daemon. Nobody needs a token for these.
enum HealthRoutes {
    static let all: [Route] = [
        Route(
            .get, "/healthz",
            Operation(
                id: "health", tag: "operations", summary: "The process answers.",
                success: .json(200, .object([.required("status", .choice(["ok"]))]))),
            access: .open { _ in .json { $0.field("status", "ok") } }),
        Route(
            .get, "/readyz",
            Operation(
                id: "readiness", tag: "operations", summary: "The database is there and has the schema that this binary needs.",
                success: .json(200, .object([.required("status", .choice(["ready"])), .required("schema", .integer())]))),
            access: .open(ready)),
        Route(
            .get, "/metrics",
            Operation(
                id: "metrics", tag: "operations", summary: "Figures in Prometheus' text format; nothing personal.",
                success: .raw(200, [Reply.Content.metrics.rawValue])),
            access: .open(MetricsPage.reply)),
        Route(
            .get, "/openapi.json",
            Operation(
                id: "document", tag: "operations", summary: "This document.", success: .json(200, .map(Schema { _ in }))),
            access: .open { Reply(status: 200, body: .text($0.services.document)) }),
    ]

    private static func ready(_ call: Call) async throws -> Reply {
        do {
            try await call.store.checkSchema()
        } catch let error as SchemaError {
            throw Problem.unavailable(error.description, retryAfterSeconds: 5)
        }
        return .json { json in
            json.field("status", "ready")
            json.field("schema", Store.schemaVersion)
        }
    }
}
