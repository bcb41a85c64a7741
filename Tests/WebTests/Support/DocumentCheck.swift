import Curl
import Foundation
import Testing

/// Holds answers against the OpenAPI document that the server itself hands out.
final class DocumentCheck: Sendable {
    private let text: [UInt8]

    private init(_ text: [UInt8]) { self.text = text }

    static func read(_ address: String, _ client: HTTPClient) async throws -> DocumentCheck {
        DocumentCheck(try await client.send(HTTPRequest(url: address + "/openapi.json")).body)
    }

    var document: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(text))) as? [String: Any] ?? [:] }

    /// Records an issue when the answer is not one that the document tells of. Unknown addresses and methods are not in it.
    func check(_ answer: WebAnswer, method: String, path: String) {
        let document = document
        guard let operation = operation(method, path, document) else {
            if ![404, 405].contains(answer.status) { Issue.record("\(method) \(path) is not in the document") }
            return
        }
        let responses = operation["responses"] as? [String: Any] ?? [:]
        guard let response = responses[String(answer.status)] as? [String: Any] else {
            Issue.record("\(method) \(path): \(answer.status) is not documented: \(answer.text.prefix(300))")
            return
        }
        guard let content = response["content"] as? [String: Any] else { return }
        let type = answer.header("content-type") ?? "none"
        guard let media = content[type] as? [String: Any] else {
            Issue.record("\(method) \(path) \(answer.status): content type \(type) is not documented")
            return
        }
        guard let schema = media["schema"] as? [String: Any] else { return }
        for fault in SchemaCheck(document).faults(answer.json, schema, at: "") {
            Issue.record("\(method) \(path) \(answer.status)\(fault): \(answer.text.prefix(300))")
        }
    }

    private func operation(_ method: String, _ path: String, _ document: [String: Any]) -> [String: Any]? {
        let parts = path.split(separator: "?")[0].split(separator: "/")
        let paths = document["paths"] as? [String: [String: Any]] ?? [:]
        let fitting = paths.filter { template, _ in
            let segments = template.split(separator: "/")
            return segments.count == parts.count && zip(segments, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
        }
        let exact = fitting.min { $0.key.split(separator: "{").count < $1.key.split(separator: "{").count }
        return exact?.value[method.lowercased()] as? [String: Any]
    }
}
