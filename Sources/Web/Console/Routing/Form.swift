import HTTPTypes

/// The fields of a form, or of an address's query: `application/x-www-form-urlencoded` (WHATWG URL), strict UTF-8 without NUL.
/// A field that nobody asks for is ignored.
struct Form: Sendable {
    private let fields: [(name: String, value: String)]

    static let fieldsMax = 500
    static let none = Form(fields: [])

    private init(fields: [(name: String, value: String)]) { self.fields = fields }

    /// Nil when the text is not of this kind.
    init?(_ text: Substring) {
        var fields: [(name: String, value: String)] = []
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard fields.count < Form.fieldsMax, let name = PercentText.decode(parts[0]),
                let value = PercentText.decode(parts.count == 2 ? parts[1] : "")
            else { return nil }
            fields.append((name, value))
        }
        self.fields = fields
    }

    /// A request's body. Throws `Problem` 413, 415 or 400.
    static func read(_ call: PageCall) async throws -> Form {
        let body = try await BodyReader.collect(call.request, bytesMax: call.route.formBytesMax)
        if body.isEmpty { return .none }
        let kind = call.request.headers[.contentType]?.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard kind == "application/x-www-form-urlencoded" else {
            throw Problem(
                type: "not-a-form", title: "Not a form", status: 415, detail: "expected application/x-www-form-urlencoded")
        }
        guard let text = String(validating: body, as: UTF8.self), let form = Form(text[...]) else {
            throw Problem(type: "malformed-body", title: "Malformed body", status: 400, detail: "expected percent-encoded UTF-8 without NUL")
        }
        return form
    }

    /// The first of that name as it was typed, lines ended by one newline each; nil when there is none.
    subscript(name: String) -> String? { fields.first { $0.name == name }.map { $0.value.replacing("\r\n", with: "\n") } }

    /// Without white space around it; "" when there is none.
    func trimmed(_ name: String) -> String {
        let text = self[name] ?? ""
        return String(text.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
    }

    /// Nil when the field is missing or blank.
    func given(_ name: String) -> String? {
        let text = trimmed(name)
        return text.isEmpty ? nil : text
    }

    /// All of that name, as check boxes send them.
    func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
}
