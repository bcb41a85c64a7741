import Domain
import Foundation
import Glibc
import Store
import Synchronization
import TestSupport
import Testing

@testable import Web

@Suite struct TicketLiveTests {
    @Test("an open window hears of a spend through the API, of messages, changes and people, and reads the new figures")
    func live() async throws {
        try await TicketBench.with { bench in
            let agent = try await bench.open(.agent)
            let lead = try await bench.open(.lead)
            let stream = try EventConnection(bench.server.address, bench.path + "/live", cookie: agent.browser.cookies["supportmeter_session"] ?? "")
            defer { stream.close() }
            try await stream.wait(for: "reload")
            // How soon is measured in a browser on an idle machine (BrowserTests); here the machine may be busy.
            let acts: [(String, @Sendable () async throws -> Void)] = [
                ("credits", { @Sendable in _ = try await bench.server.spend(bench.ticket) }),
                ("conversation", { @Sendable in _ = try await bench.receive("Hello?") }),
                ("ticket", { @Sendable in _ = try await lead.post("priority", [("priority", "high")]) }),
                ("presence", { @Sendable in _ = try await lead.post("presence", [("writing", "1")]) }),
            ]
            for (what, act) in acts {
                stream.forget()
                try await act()
                try await stream.wait(for: "\"\(what)\"")
            }
            let parts = try await agent.browser.get(bench.path + "/parts?seen=2")
            #expect(parts.figure("email", "remaining") == "4" && parts.text.contains("Hello?") && parts.text.contains("Lead is writing"))
            #expect(parts.text.contains("bubble in fresh") && !parts.text.contains("<html"))
            #expect(try await lead.post("leave", []).status == 204)
            #expect(try await agent.browser.get(bench.path + "/parts").text.contains("Lead is") == false)
        }
    }

    @Test("whoever's window is not heard of any more is gone within a minute; one never sees oneself")
    func presence() async throws {
        try await TicketBench.with { bench in
            let (agent, lead) = (try await bench.open(.agent), try await bench.open(.lead))
            let alone = try await agent.post("presence", [("writing", "0")])
            #expect(alone.status == 200 && !alone.text.contains("Agent"))
            #expect(try await lead.post("presence", [("writing", "0")]).text.contains("Agent is looking"))
            bench.server.shop.clock.advance(seconds: 60)
            #expect(try await lead.post("presence", [("writing", "0")]).text.contains("Agent") == false)
        }
    }
}

/// One stream of server-sent events, as far as it came.
final class EventConnection: Sendable {
    private let descriptor: Int32
    private let heard = Mutex("")
    private let queue = DispatchQueue(label: "events")

    /// Opens the stream with the cookie of a session.
    init(_ address: String, _ path: String, cookie: String) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw POSIXError(.EMFILE) }
        var target = sockaddr_in()
        target.sin_family = sa_family_t(AF_INET)
        target.sin_port = in_port_t(URLComponents(string: address)?.port ?? 0).bigEndian
        target.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: &target) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard connected == 0 else { throw POSIXError(.ECONNREFUSED) }
        var patience = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("GET \(path) HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nCookie: supportmeter_session=\(cookie)\r\n\r\n".utf8)
        guard unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { throw POSIXError(.EPIPE) }
    }

    func close() { _ = Glibc.close(descriptor) }

    /// What was heard so far does not count for the next wait.
    func forget() { heard.withLock { $0 = "" } }

    /// Returns when the text has come; throws when nothing at all comes for 20 s, or the stream ends.
    func wait(for text: String) async throws {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try self.read(until: text) }) }
        }
    }

    private func read(until text: String) throws {
        var piece = [UInt8](repeating: 0, count: 8_192)
        while !heard.withLock({ $0.contains(text) }) {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            guard count > 0 else { throw POSIXError(count == 0 ? .ECONNRESET : .ETIMEDOUT) }
            let new = String(decoding: piece[..<count], as: UTF8.self)
            heard.withLock { $0 += new }
        }
    }
}
