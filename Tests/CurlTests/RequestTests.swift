import Curl
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RequestTests {
    /// Answers every request of a connection with its method, path and body.
    static let echo: MisbehavingServer.Script = { connection in
        while let request = connection.readRequest() {
            connection.answer(
                headers: ["X-Answer: yes", "Set-Cookie: a=1", "Set-Cookie: b=2"],
                body: request.line + "\n" + String(decoding: request.body, as: UTF8.self))
        }
    }

    @Test("a GET brings status, headers, body and address")
    func get() async throws {
        let server = try MisbehavingServer(Self.echo)
        let response = try await makeClient().send(
            HTTPRequest(url: server.url + "/orders?page=2", headers: [("X-One", "1"), ("X-Empty", "")]))
        #expect(response.status == 200)
        #expect(response.text == "GET /orders?page=2 HTTP/1.1\n")
        #expect(response.header("x-ANSWER") == "yes")
        #expect(response.header("x-missing") == nil)
        #expect(response.headers.filter { $0.name == "Set-Cookie" }.map(\.value) == ["a=1", "b=2"])
        #expect(response.effectiveURL == server.url + "/orders?page=2")
        let request = try #require(server.requests.first)
        #expect(request.header("X-One") == "1")
        #expect(request.header("X-Empty") == "")
        #expect(request.header("User-Agent") == "SupportMeter/test")
        #expect(request.header("Accept-Encoding") == "gzip, deflate")
        #expect(request.header("Authorization") == nil)
    }

    @Test("each method sends its body, also an empty or binary one, and no header that nobody asked for", arguments: [
        (HTTPRequest.Method.post, [UInt8]?.some([0, 1, 255, 0])), (.post, []), (.post, nil), (.put, [1]), (.put, nil),
        (.delete, nil), (.delete, [7]),
    ])
    func bodies(method: HTTPRequest.Method, body: [UInt8]?) async throws {
        let server = try MisbehavingServer(Self.echo)
        let response = try await makeClient().send(HTTPRequest(method: method, url: server.url + "/x", body: body))
        #expect(response.status == 200)
        let request = try #require(server.requests.first)
        #expect(request.line == "\(method.rawValue) /x HTTP/1.1")
        #expect(request.body == body ?? [])
        #expect(request.header("Content-Type") == nil)
        #expect(request.header("Expect") == nil)
        #expect(request.header("Content-Length") == (method == .delete && body == nil ? nil : "\(body?.count ?? 0)"))
    }

    @Test("a body of two million bytes goes out without asking first")
    func largeBody() async throws {
        let server = try MisbehavingServer(Self.echo)
        let body = [UInt8](repeating: 65, count: 2_000_000)
        _ = try await makeClient().send(HTTPRequest(method: .post, url: server.url, body: body))
        let isWhole = server.requests.first?.body == body
        #expect(isWhole)
        #expect(server.requests.first?.header("Expect") == nil)
    }

    @Test("Basic authorization is sent with the first request")
    func basic() async throws {
        let server = try MisbehavingServer(Self.echo)
        let auth = HTTPRequest.BasicAuth(user: Secret("ck_1"), password: Secret("cs:2"))
        _ = try await makeClient().send(HTTPRequest(url: server.url, basicAuth: auth))
        #expect(server.requests.map { $0.header("Authorization") } == ["Basic Y2tfMTpjczoy"])
    }

    @Test("an answer of 404 or 500 is an answer", arguments: ["404 Not Found", "500 Oops", "204 No Content"])
    func statuses(status: String) async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.write("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n")
            connection.answer(status)
        }
        let response = try await makeClient().send(HTTPRequest(url: server.url))
        #expect("\(response.status)" == status.prefix(3))
        #expect(response.header("X-Early") == nil)
    }

    @Test("two requests use one connection")
    func keepAlive() async throws {
        let server = try MisbehavingServer(Self.echo)
        let client = makeClient()
        for _ in 1...2 { _ = try await client.send(HTTPRequest(url: server.url)) }
        #expect(server.accepted == 1)
        #expect(server.requests.count == 2)
    }

    @Test("on a kept connection that dies, a GET is sent again and a POST never")
    func repetition() async throws {
        let server = try MisbehavingServer { connection in
            guard let first = connection.readRequest(), first.line.hasPrefix("GET") else { return }
            connection.answer()
            _ = connection.readRequest()
        }
        let client = makeClient()
        for _ in 1...2 { _ = try await client.send(HTTPRequest(url: server.url)) }
        #expect(server.accepted == 2)
        #expect(server.requests.count == 3)
        let post = try await failure(client, HTTPRequest(method: .post, url: server.url, body: [1]))
        #expect(post.reason == .emptyReply)
        #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 1)
    }

    @Test("what cannot be sent safely is refused before anything is sent")
    func refusals() async throws {
        let server = try MisbehavingServer(Self.echo)
        let client = makeClient()
        let bad: [HTTPRequest] = [
            HTTPRequest(url: server.url, headers: [("X", "a\r\nY: b")]), HTTPRequest(url: server.url, headers: [("X Y", "a")]),
            HTTPRequest(url: server.url, headers: [("Content-Length", "5")]), HTTPRequest(url: server.url, body: [1]),
            HTTPRequest(url: server.url, basicAuth: .init(user: Secret("a:b"), password: Secret("c"))),
            HTTPRequest(url: server.url, basicAuth: .init(user: Secret("a"), password: Secret("c\0d"))),
            HTTPRequest(url: server.url, headers: [("authorization", "x")], basicAuth: .init(user: Secret("a"), password: Secret("c"))),
        ]
        for request in bad { #expect(try await failure(client, request).reason == .badRequest) }
        for url in ["", "x", "//h/", "http://", "http://a b/", "http://u:p@127.0.0.1/", "http://h:99999/", "http://h/\n", "http://h/\0"] {
            #expect(try await failure(client, HTTPRequest(url: url)).reason == .badURL, "\(url)")
        }
        for url in ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1/", "sftp://h/"] {
            #expect(try await failure(client, HTTPRequest(url: url)).reason == .protocolNotAllowed, "\(url)")
        }
        #expect(server.accepted == 0)
    }
}
