import Foundation
import Store
import TestSupport
import Testing

/// Whatever arrives on the port, the daemon goes on answering.
@Suite(.serialized) struct GarbageTests {
    private static let seed = UInt64.random(in: 1...999_999)
    private static let connections = 200

    @Test("random bytes, half requests and 200 connections that say nothing or drip do not keep anybody else from being served")
    func garbage() async throws {
        print("chaos: garbage seed \(Self.seed)")
        try await ServeFixture.with { fixture in
            let ticket = try await fixture.ticket()
            let daemon = try fixture.serve()
            let address = try await daemon.address()
            let port = try #require(address.split(separator: ":").last.flatMap { UInt16($0) })
            var random = SplitMix64(seed: Self.seed)
            let sockets = try (0..<Self.connections).map { number in
                let socket = try RawSocket(port: port)
                socket.write(Self.garbage(number, &random))
                return socket
            }
            let client = APIClient(token: fixture.chaos.token)
            for number in 0..<20 {
                // The slow ones add a byte, and never come to an end.
                for socket in sockets { socket.write([UInt8(ascii: "x")]) }
                #expect(try await client.spend(address, ticket: ticket, channel: "email", key: "garbage-\(number)").status == 201)
            }
            #expect(await client.status(address + "/readyz") == 200)
            #expect(!daemon.hasEnded)
            let asked = ContinuousClock.now
            #expect(try await daemon.stop() == 0, "\(daemon.logged)")
            print("chaos: ended \(String(format: "%.1f", seconds(since: asked))) s after SIGTERM with \(Self.connections) idle connections")
            #expect(!daemon.logged.contains("Fatal"), "\(daemon.logged)")
            withExtendedLifetime(sockets) {}
            await client.http.shutdown()
        }
    }

    private static func garbage(_ number: Int, _ random: inout SplitMix64) -> [UInt8] {
        switch number % 5 {
        case 0: (0..<Int.random(in: 1...4_000, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        case 1: Array("GET /api/v1/tickets HTTP/1.1\r\nHost: a\r\nAuthorization: Bea".utf8)
        case 2: Array("POST /api/v1/usages/batch HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n[{".utf8)
        case 3: Array("GET / HTTP/1.1\r\nContent-Length: -1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n".utf8)
        default: []
        }
    }
}

/// A TCP connection without manners.
final class RawSocket: Sendable {
    private let file: Int32

    init(port: UInt16) throws {
        file = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard file >= 0 else { throw ChaosError("no socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe connect(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard status == 0 || errno == EINPROGRESS else { throw ChaosError("cannot connect (errno \(errno))") }
        // Connecting to this machine is done at once, or the first write waits for it.
        var ready = pollfd(fd: file, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&ready, 1, 5_000)
    }

    /// As much as goes; a connection that the daemon closed takes none.
    func write(_ bytes: [UInt8]) {
        _ = unsafe send(file, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    deinit { close(file) }
}
