import Domain
import Foundation
import Store
import Synchronization
@testable import OrderFeed

/// A relay of recorded deliveries over real HTTP.
final class Relay: Sendable {
    private let lines: Mutex<[String]>
    private let server: Mutex<RawServer?> = Mutex(nil)
    private let isAway = Mutex(false)

    init(_ lines: [String]) throws {
        self.lines = Mutex(lines)
        let server = try RawServer { [weak self] target in
            if self?.isAway.withLock({ $0 }) ?? true { return Array("HTTP/1.1 503 Away\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8) }
            return RawServer.answer(self?.page(target) ?? "")
        }
        self.server.withLock { $0 = server }
    }

    var url: String { (server.withLock { $0?.url } ?? "") + "/feed?shop=demo" }

    static func recorded() throws -> [String] {
        String(decoding: try DocumentRecordings.bytes("histories/deliveries.jsonl"), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// A delivery as a relay records it, signed.
    static func line(id: Int, topic: String, body: String, receivedAt: Date, secret: SecretText = FeedFixture.hookSecret) -> String {
        var json = JSONWriter()
        json.object { json in
            json.field("id", String(id))
            json.field("topic", topic)
            json.field("source", "https://shop.example/")
            json.field("signature", WebhookSignature.sign(Array(body.utf8), secret: secret))
            json.field("received_at", Timestamp.text(receivedAt))
            json.field("body", body)
        }
        return json.text
    }

    /// Answers 503 from now on, or no more.
    func away(_ isAway: Bool) { self.isAway.withLock { $0 = isAway } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }

    /// The cursor is the number of deliveries read.
    private func page(_ target: String) -> String {
        let items = target.split(separator: "?").last.map { $0.split(separator: "&") } ?? []
        func number(_ name: String) -> Int? { items.first { $0.hasPrefix(name + "=") }.flatMap { Int($0.dropFirst(name.count + 1)) } }
        let all = lines.withLock { $0 }
        let start = min(number("after") ?? 0, all.count)
        let end = min(start + (number("limit") ?? 10), all.count)
        return #"{"deliveries":[\#(all[start..<end].joined(separator: ","))],"next":"\#(end)"}"#
    }
}
