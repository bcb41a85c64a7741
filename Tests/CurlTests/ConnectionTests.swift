import Curl
import Glibc
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ConnectionTests {
    @Test("a closed port refuses the connection")
    func refused() async throws {
        // Bound and listening, then gone: nobody else gets the port as long as nobody asks for that very one.
        let url = try MisbehavingServer { _ in }.closedURL()
        let failed = try await failure(url + "/orders?consumer_secret=cs_1")
        #expect(failed.reason == .connectionRefused)
        #expect(failed.description == "The connection was refused (\(url)/orders).")
    }

    @Test("an unknown host name is told apart")
    func unresolvable() async throws {
        #expect(try await failure("http://nowhere.invalid/").reason == .unresolvableHost)
    }

    @Test("a server that takes the connection and says nothing ends with the total time")
    func total() async throws {
        let server = try MisbehavingServer { connection in connection.waitUntilClientLeaves() }
        #expect(try await failure(server.url, limits: TransferLimits(totalSecondsMax: 0.3)).reason == .timeoutTotal)
        await server.waitForEndedConnections(1)
    }

    @Test("a server that takes no connection, or none of TLS, ends with the connect time")
    func connecting() async throws {
        let mute = try MisbehavingServer { connection in connection.waitUntilClientLeaves() }
        let limits = TransferLimits(connectSecondsMax: 0.3)
        #expect(try await failure("https://127.0.0.1:\(mute.port)/", limits: limits).reason == .timeoutConnecting)
        let full = try MisbehavingServer(accepting: false, backlog: 0) { _ in }
        // The queue of connections nobody accepts is full after the first few; from then on none is answered.
        let client = makeClient(limits: limits, connectionsMax: 8)
        let reasons = try await withThrowingTaskGroup { group in
            for _ in 1...8 {
                group.addTask {
                    let limits = TransferLimits(connectSecondsMax: 0.3, totalSecondsMax: 2)
                    return try await failure(client, HTTPRequest(url: full.url), limits: limits).reason
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(reasons.contains(.timeoutConnecting))
        #expect(reasons.allSatisfy { $0 == .timeoutConnecting || $0 == .timeoutTotal })
    }

    @Test("a slow drip ends with a reason of its own", arguments: ["HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", "HTTP/1.1 200 OK\r\nX-Slow: "])
    func slow(start: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write(start)
            while connection.write("H") && connection.dawdle(milliseconds: 200) {}
        }
        let limits = TransferLimits(lowSpeedBytesPerSecond: 1_000, lowSpeedSecondsMax: 1)
        #expect(try await failure(server.url, limits: limits).reason == .tooSlow)
    }

    @Test("an answer that breaks off is told apart, by length, by chunk and within the headers", arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", "HTTP/1.1 200 OK\r\nX-Half: ",
    ])
    func truncated(answer: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
        }
        #expect(try await failure(server.url).reason == .truncated)
    }

    @Test("no answer at all is told apart")
    func empty() async throws {
        let server = try MisbehavingServer { connection in _ = connection.readRequest() }
        #expect(try await failure(server.url).reason == .emptyReply)
        let hasty = try MisbehavingServer { _ in }
        #expect(try await failure(hasty.url).reason == .emptyReply)
    }

    @Test("garbage is not HTTP", arguments: ["220 mail.example ESMTP\r\n", "HTTP/9000 yes\r\n\r\n", "\0\u{1}\u{2}\r\n\r\n"])
    func garbage(answer: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write(answer)
        }
        #expect(try await failure(server.url).reason == .notHTTP)
    }

    @Test("HTTP where TLS was expected is a TLS failure")
    func plainForTLS() async throws {
        let server = try MisbehavingServer { connection in connection.answer("400 Bad Request") }
        #expect(try await failure("https://127.0.0.1:\(server.port)/").reason == .tlsOther)
    }
}

extension MisbehavingServer {
    /// The address of a server that does not listen any more.
    consuming func closedURL() -> String { url }
}
