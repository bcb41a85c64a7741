import Domain
import Store

/// The OpenAPI 3.1 document, written from the routes themselves.
struct OpenAPIDocument {
    let routes: [Route]

    func text() -> String {
        var json = JSONWriter(capacity: 65_536)
        json.object { json in
            json.field("openapi", "3.1.0")
            json.field("info") { json in
                json.object { json in
                    json.field("title", "SupportMeter")
                    json.field("version", "1")
                    json.field("description", OpenAPIDocument.introduction)
                }
            }
            json.field("servers") { $0.array { $0.object { $0.field("url", "/") } } }
            json.field("paths") { $0.object { paths(&$0) } }
            json.field("components") { $0.object { components(&$0) } }
        }
        return json.text
    }

    private static let introduction = """
        Paid-support credits: what was granted, what is left, and spending it once. Every write takes an Idempotency-Key: the same key with the \
        same body gives the first answer again, byte for byte, with Idempotency-Replayed: true. Errors are RFC 9457 problems whose `type` is \
        stable. Times are RFC 3339; money is integer minor units with an ISO 4217 code.
        """

    private func paths(_ json: inout JSONWriter) {
        var templates: [String] = []
        for route in routes where !templates.contains(route.path.description) { templates.append(route.path.description) }
        for template in templates {
            json.field(template) { json in
                json.object { json in
                    for route in routes where route.path.description == template {
                        json.field(route.method.rawValue.lowercased()) { $0.object { operation(route, &$0) } }
                    }
                }
            }
        }
    }

    private func operation(_ route: Route, _ json: inout JSONWriter) {
        let operation = route.operation
        json.field("operationId", operation.id)
        json.field("tags") { $0.array([operation.tag]) { $0.string($1) } }
        json.field("summary", operation.summary)
        if let scope = route.scope {
            json.field("description", "Needs a token with the scope `\(scope.rawValue)`.")
            json.field("security") { $0.array { $0.object { $0.field("token") { $0.array { _ in } } } } }
        }
        let parameters = ParameterList(route: route)
        if !parameters.isEmpty { json.field("parameters") { parameters.write(&$0) } }
        if let body = operation.body { json.field("requestBody") { $0.object { requestBody(body, &$0) } } }
        json.field("responses") { AnswerList(route: route).write(&$0) }
    }

    private func requestBody(_ body: Operation.Body, _ json: inout JSONWriter) {
        json.field("required", body.isRequired)
        json.field("content") { json in
            json.object { json in
                json.field("application/json") { json in
                    json.object { json in
                        json.field("schema") { body.schema.write(&$0) }
                        json.field("example", json: body.example)
                    }
                }
            }
        }
    }

    private func components(_ json: inout JSONWriter) {
        json.field("securitySchemes") { json in
            json.object { json in
                json.field("token") { json in
                    json.object { json in
                        json.field("type", "http")
                        json.field("scheme", "bearer")
                    }
                }
            }
        }
        json.field("schemas") { json in
            json.object { json in
                for (name, schema) in Schemas.all { json.field(name) { schema.write(&$0) } }
            }
        }
    }
}
