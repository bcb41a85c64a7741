import Curl
import Foundation

/// An answer as tests look at it.
struct WebAnswer: Sendable {
    let status: Int
    let text: String
    private let response: HTTPResponse

    init(_ response: HTTPResponse) {
        self.response = response
        status = response.status
        text = String(decoding: response.body, as: UTF8.self)
    }

    func header(_ name: String) -> String? { response.header(name) }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any] ?? [:] }

    /// The value at a path such as `entry.id`.
    subscript(path: String) -> Any? {
        path.split(separator: ".").reduce(json as Any?) { value, name in
            if let list = value as? [Any], let index = Int(name), list.indices.contains(index) { return list[index] }
            return (value as? [String: Any])?[String(name)]
        }
    }

    func number(_ path: String) -> Int? { (self[path] as? NSNumber)?.intValue }
    func string(_ path: String) -> String? { self[path] as? String }

    var detail: String? { string("detail") }
    /// Without the prefix that all problems share.
    var problem: String? {
        guard header("content-type") == "application/problem+json" else { return nil }
        return string("type").map { $0.replacingOccurrences(of: "urn:supportmeter:problem:", with: "") }
    }
}
