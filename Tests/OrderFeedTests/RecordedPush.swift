import Foundation
import Store
@testable import OrderFeed

/// A recorded webhook delivery: request line, headers, blank line, raw body.
struct RecordedPush {
    let name: String
    let push: Push

    static func all() throws -> [RecordedPush] {
        try DocumentRecordings.names("webhooks", ending: ".http").map { name in
            let bytes = try DocumentRecordings.bytes("webhooks/\(name)")
            let gap = bytes.firstRange(of: Array("\r\n\r\n".utf8)) ?? bytes.firstRange(of: Array("\n\n".utf8)) ?? bytes.endIndex..<bytes.endIndex
            let lines = String(decoding: bytes[..<gap.lowerBound], as: UTF8.self).split(whereSeparator: \.isNewline)
            func header(_ wanted: String) -> String? {
                lines.first { $0.lowercased().hasPrefix(wanted.lowercased() + ":") }.map { $0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces) }
            }
            return RecordedPush(
                name: name,
                push: Push(
                    topic: header("X-WC-Webhook-Topic"), signature: header("X-WC-Webhook-Signature"), contentType: header("Content-Type"),
                    body: Array(bytes[gap.upperBound...])))
        }
    }
}
