import Curl
import Domain
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Agents who work through the API like anybody: they pick a ticket with something left and spend it, mostly one credit.
struct DemoAgents: Service {
    let address: String
    let token: String
    let store: Store
    let shop: ShopID
    let pause: Duration
    let seed: UInt64
    let logger: Logger

    private static let names = ["ana@example.test", "piret@example.test", "wojciech@example.test", "ольга@example.test", "john@example.test"]

    func run() async throws {
        let client = HTTPClient(userAgent: "supportmeter-demo-agents", logger: logger)
        var random = SystemRandomNumberGenerator()
        var number = 0
        while await rest() {
            number += 1
            do {
                try await work(client, key: "demo-\(seed)-\(ProcessInfo.processInfo.processIdentifier)-\(number)", using: &random)
            } catch {
                logger.debug("a demo agent could not work", metadata: ["error": "\(error)"])
            }
        }
        await client.shutdown()
    }

    private func work(_ client: HTTPClient, key: String, using random: inout SystemRandomNumberGenerator) async throws {
        let tickets = try await store.tickets(in: shop).items
        let open = tickets.flatMap { ticket in ticket.counters.filter { $0.value.remaining > 0 }.map { (ticket.number, $0.key) } }
        guard let (ticket, channel) = open.randomElement(using: &random), let agent = DemoAgents.names.randomElement(using: &random) else { return }
        var json = JSONWriter()
        json.object { json in
            json.field("channel", channel.rawValue)
            json.field("quantity", Int64(1))
            json.field("agent", agent)
        }
        var request = HTTPRequest(
            method: .post, url: "\(address)/api/v1/tickets/\(ticket)/usages",
            headers: [
                (name: "Authorization", value: "Bearer \(token)"), (name: "Content-Type", value: "application/json"),
                (name: "Idempotency-Key", value: key),
            ], body: json.bytes)
        request.mayBeRepeated = true
        _ = try await client.send(request)
    }

    /// False when the demo ends.
    private func rest() async -> Bool {
        do {
            try await cancelWhenGracefulShutdown { try await Task.sleep(for: pause) }
            return !Task.isCancelled && !Task.isShuttingDownGracefully
        } catch {
            return false
        }
    }
}
