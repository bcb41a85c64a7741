import Domain
import Foundation
import Store
import TestSupport
import Testing

@testable import Web

/// A ticket of the demo shop with a customer who wrote, and people who look at it in browsers.
struct TicketBench: Sendable {
    let server: WebServer
    let ticket: TicketID
    var path: String { "/tickets/\(ticket)" }
    var store: Store { server.store }
    var shop: ShopID { server.shop.id }

    /// START: 5 e-mails, 5 SMS, 1 video call; the customer has an e-mail address and a phone.
    static func with(pooling: Bool = false, _ body: (TicketBench) async throws -> Void) async throws {
        try await WebServer.with(pooling: pooling) { server in
            let ticket = try await server.shop.ticket()
            let bench = TicketBench(server: server, ticket: ticket)
            try await bench.receive("My shop is down", .email, from: "ana@example.test")
            try await bench.receive("Please call me", .sms, from: "+386 41 000 001")
            try await body(bench)
        }
    }

    @discardableResult
    func receive(_ text: String, _ channel: Channel = .email, from: String? = nil) async throws -> MessageView {
        try await store.receive(Incoming(ticket: ticket, channel: channel, text: text, from: from), in: shop).get()
    }

    /// Somebody's browser with the ticket's page open.
    func open(_ role: Role, _ email: String? = nil) async throws -> TicketWindow {
        let staff = try await TestStaff.add(role, email ?? "\(role.rawValue)@example.test", name: role.rawValue.capitalized, to: server.shop)
        return try await TicketWindow(bench: self, browser: server.browser(staff), staff: staff).load()
    }

    func counter(_ channel: Channel = .email) async throws -> Counter { try await server.shop.counter(ticket, channel) ?? .zero }

    /// Claims, prepares and finishes what is due, as the sender does.
    func deliver() async throws {
        for claim in try await store.claimMessages(limit: 100) {
            guard try await store.prepareMessage(claim) != nil else { continue }
            try await store.finishMessage(claim, .accepted(providerID: "p"))
        }
    }
}

/// One window on the ticket: what it shows, and its forms with what stands in them.
struct TicketWindow: Sendable {
    let bench: TicketBench
    let browser: Browser
    let staff: Staff
    private(set) var page = ""

    init(bench: TicketBench, browser: Browser, staff: Staff) {
        (self.bench, self.browser, self.staff) = (bench, browser, staff)
    }

    func load() async throws -> TicketWindow {
        var window = self
        let answer = try await browser.get(bench.path)
        #expect(answer.status == 200)
        window.page = answer.text
        return window
    }

    /// The key and the version that a form was made with.
    func made(_ form: String) -> [(String, String)] {
        guard let start = page.range(of: "action=\"\(bench.path)/\(form)\"") else { return [("key", UUID().uuidString), ("seen", "0")] }
        let rest = page[start.upperBound...]
        return ["key", "seen"].compactMap { name in
            rest.range(of: "name=\"\(name)\" value=\"").map { (name, String(rest[$0.upperBound...].prefix { $0 != "\"" })) }
        }
    }

    func post(_ form: String, _ fields: [(String, String)], script: Bool = false) async throws -> WebAnswer {
        let headers = script ? [("Accept", "application/json")] : []
        return try await browser.post("\(bench.path)/\(form)", fields + made(form), headers: headers)
    }

    func send(_ text: String, _ channel: Channel = .email, script: Bool = false) async throws -> WebAnswer {
        try await post("send", [("channel", channel.rawValue), ("text", text)], script: script)
    }
}

extension WebAnswer {
    /// What stands in a text area of the form of that channel.
    func draft(_ channel: String) -> String? {
        guard let form = text.range(of: "id=\"write-\(channel)\""), let area = text[form.upperBound...].range(of: "<textarea"),
            let end = text[area.upperBound...].firstIndex(of: ">")
        else { return nil }
        return String(text[text.index(after: end)...].prefix { $0 != "<" })
    }

    /// A figure of a channel's meter.
    func figure(_ channel: String, _ name: String) -> String? {
        guard let meter = text.range(of: "data-channel=\"\(channel)\" data-remaining=\"") else { return nil }
        let rest = text[meter.upperBound...]
        if name == "remaining" { return String(rest.prefix { $0 != "\"" }) }
        let own = rest[..<(rest.range(of: "<div class=\"meter")?.lowerBound ?? rest.endIndex)]
        return own.range(of: "data-figure=\"\(name)\">").map { String(own[$0.upperBound...].prefix { $0 != "<" }) }
    }
}
