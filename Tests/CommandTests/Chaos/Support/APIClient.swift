import Curl
import Foundation
import TestSupport

/// Talks to a daemon that may be away.
struct APIClient: Sendable {
    let http: HTTPClient
    let token: String

    init(token: String, connectionsMax: Int = 32, secondsMax: Double = 30) {
        self.token = token
        let limits = TransferLimits(connectSecondsMax: 5, totalSecondsMax: secondsMax)
        http = HTTPClient(userAgent: "chaos", limits: limits, connectionsMax: connectionsMax, logger: TestServer.logger)
    }

    /// The status alone; nil when nobody answers.
    func status(_ url: String) async -> Int? { try? await http.send(HTTPRequest(url: url)).status }

    func get(_ url: String) async throws -> HTTPResponse {
        try await http.send(HTTPRequest(url: url, headers: [(name: "Authorization", value: "Bearer \(token)")]))
    }

    /// One attempt at a spend.
    func spend(_ address: String, ticket: Int64, channel: String, key: String, quantity: Int = 1) async throws -> HTTPResponse {
        let body = #"{"channel":"\#(channel)","quantity":\#(quantity),"agent":"chaos","reference":"\#(key)"}"#
        return try await post("\(address)/api/v1/tickets/\(ticket)/usages", body, key: key)
    }

    func post(_ url: String, _ body: String, key: String) async throws -> HTTPResponse {
        var request = HTTPRequest(
            method: .post, url: url,
            headers: [
                (name: "Authorization", value: "Bearer \(token)"), (name: "Content-Type", value: "application/json"),
                (name: "Idempotency-Key", value: key),
            ], body: Array(body.utf8))
        request.mayBeRepeated = true
        return try await http.send(request)
    }

    /// Returns when the daemon says that it can work.
    func waitUntilReady(_ address: String, within seconds: Double = 120) async throws {
        try await eventually("\(address) is ready", within: seconds) { await status(address + "/readyz") == 200 }
    }
}

/// The parts of answers that the tests look at.
enum APIJSON {
    struct Spent: Decodable {
        struct Entry: Decodable { let id: Int64 }
        let entry: Entry
    }
    struct Tickets: Decodable {
        struct Ticket: Decodable {
            struct Counter: Decodable { let remaining: Int64 }
            let number: Int64
            let counters: [String: Counter]
        }
        let items: [Ticket]
    }

    static func entryID(_ body: [UInt8]) -> Int64? { (try? JSONDecoder().decode(Spent.self, from: Data(body)))?.entry.id }
    static func tickets(_ body: [UInt8]) throws -> [Tickets.Ticket] { try JSONDecoder().decode(Tickets.self, from: Data(body)).items }
}
