import Store

/// Something that is refused before the ledger is asked (RFC 9457), in the same shape as the ledger's own refusals.
struct Problem: Error, Sendable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    var field: String? = nil
    /// Seconds; becomes `Retry-After`.
    var retryAfterSeconds: Int? = nil
    /// Asks for a token: becomes `WWW-Authenticate`.
    var isChallenge = false
    /// Methods; becomes `Allow`.
    var allowed: [String] = []

    var body: String {
        var json = JSONWriter(capacity: 256)
        json.object { json in
            json.field("type", "urn:supportmeter:problem:" + type)
            json.field("title", title)
            json.field("status", status)
            json.field("detail", detail)
            if let field { json.field("field", field) }
        }
        return json.text
    }
}

extension Problem {
    static func notJSON(_ fault: JSONFault) -> Problem {
        Problem(type: "malformed-body", title: "Malformed body", status: 400, detail: fault.detail)
    }

    static func notAnObject(found: JSONValue) -> Problem {
        Problem(type: "invalid-field", title: "Invalid field", status: 422, detail: "the body: expected an object, found \(found.shown)")
    }

    static func unknownField(_ name: String, known: [String]) -> Problem {
        let name = JSONValue.shortened(name)
        let expected = known.isEmpty ? "no field" : "one of " + known.joined(separator: ", ")
        return Problem(
            type: "unknown-field", title: "Unknown field", status: 422, detail: "\(name): there is no such field; expected \(expected)",
            field: name)
    }

    static func unknownParameter(_ name: String, known: [String]) -> Problem {
        let name = JSONValue.shortened(name)
        let expected = known.isEmpty ? "none" : "one of " + known.joined(separator: ", ")
        return Problem(
            type: "unknown-parameter", title: "Unknown parameter", status: 422,
            detail: "\(name): there is no such query parameter; expected \(expected)", field: name)
    }

    static let unknownRoute = Problem(
        type: "unknown-address", title: "Unknown address", status: 404, detail: "nothing lives at this address; /openapi.json lists what does")

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        Problem(
            type: "method-not-allowed", title: "Method not allowed", status: 405,
            detail: "this address answers to \(allowed.joined(separator: ", "))", allowed: allowed)
    }

    static func bodyTooLarge(bytesMax: Int) -> Problem {
        Problem(
            type: "body-too-large", title: "Body too large", status: 413, detail: "the body may have at most \(bytesMax) bytes on this route")
    }

    static let unauthorized = Problem(
        type: "unauthorized", title: "Unauthorized", status: 401,
        detail: "send a valid token in the header `Authorization: Bearer sm_...`", isChallenge: true)

    static func unavailable(_ detail: String, retryAfterSeconds: Int = 1) -> Problem {
        Problem(type: "unavailable", title: "Unavailable", status: 503, detail: detail, retryAfterSeconds: retryAfterSeconds)
    }

    static let `internal` = Problem(
        type: "internal-error", title: "Internal error", status: 500,
        detail: "something went wrong here; the log has it under this answer's X-Request-ID")
}
