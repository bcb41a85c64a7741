import Store

/// Every status that a route may answer: its success, what follows from its shape, and what its operation may refuse.
struct AnswerList {
    let route: Route

    /// The statuses of problems, ascending.
    var refusals: [Int] {
        var statuses = route.operation.refusals
        statuses.formUnion([500, 503])
        if route.scope != nil { statuses.formUnion([401, 403]) }
        if !route.path.places.isEmpty { statuses.insert(404) }
        if !route.query.isEmpty || route.scope != nil { statuses.insert(422) }
        if route.operation.isKeyed { statuses.formUnion([400, 422]) }
        if route.bodyBytesMax > 0 { statuses.formUnion([400, 413, 422]) }
        return statuses.subtracting([route.operation.success.status]).sorted()
    }

    func write(_ json: inout JSONWriter) {
        json.object { json in
            json.field(String(route.operation.success.status)) { $0.object { success(&$0) } }
            for status in refusals {
                json.field(String(status)) { json in
                    json.object { json in
                        json.field("description", AnswerList.meaning[status] ?? "Refused.")
                        content(["application/problem+json"], .reference("Problem"), &json)
                    }
                }
            }
        }
    }

    private func success(_ json: inout JSONWriter) {
        switch route.operation.success {
        case .json(_, let schema):
            json.field("description", "Done.")
            if route.operation.isKeyed { json.field("headers", json: AnswerList.replayedHeader) }
            content(["application/json"], schema, &json)
        case .raw(_, let types):
            json.field("description", "Done.")
            content(types, nil, &json)
        case .nothing: json.field("description", "Done; no body.")
        }
    }

    private func content(_ types: [String], _ schema: Schema?, _ json: inout JSONWriter) {
        json.field("content") { json in
            json.object { json in
                for type in types {
                    json.field(type) { json in
                        json.object { json in
                            if let schema { json.field("schema") { schema.write(&$0) } }
                        }
                    }
                }
            }
        }
    }

    private static let replayedHeader = """
        {"Idempotency-Replayed":{"description":"Present when this is the first answer again.","schema":{"type":"string","enum":["true"]}}}
        """

    private static let meaning: [Int: String] = [
        400: "The key is missing or malformed, or the body is not JSON.",
        401: "No valid token.",
        402: "The credits do not suffice.",
        403: "The token lacks the scope.",
        404: "No such thing in this shop.",
        409: "The ledger stands otherwise.",
        413: "The body is too large.",
        422: "A field, a parameter or the key's use is not right; the detail names it.",
        500: "Something went wrong here.",
        503: "Not available now; come back after Retry-After seconds, with the same key.",
    ]
}
