import Curl
import Testing

@Suite(.timeLimit(.minutes(2)))
struct RedirectTests {
    /// Redirects every request to one place.
    static func redirecting(_ status: String = "302 Found", to location: String) throws -> MisbehavingServer {
        try MisbehavingServer { connection in
            while connection.readRequest() != nil { connection.answer(status, headers: ["Location: \(location)"]) }
        }
    }

    static let auth = HTTPRequest.BasicAuth(user: Secret("ck_1"), password: Secret("cs_2"))

    @Test("a redirect is followed, and the answer says where it came from")
    func followed() async throws {
        let server = try MisbehavingServer { connection in
            while let request = connection.readRequest() {
                if request.path == "/a" { connection.answer("301 Moved", headers: ["Location: /b"], body: "gone") } else {
                    connection.answer(body: "here")
                }
            }
        }
        let response = try await makeClient().send(HTTPRequest(url: server.url + "/a", basicAuth: Self.auth))
        #expect(response.text == "here")
        #expect(response.header("Location") == nil)
        #expect(response.effectiveURL == server.url + "/b")
        #expect(server.requests.compactMap { $0.header("Authorization") }.count == 2)
    }

    @Test("a redirect loop ends, and with a limit of 0 the redirect is the answer")
    func loop() async throws {
        let server = try Self.redirecting(to: "/again")
        #expect(try await failure(server.url).reason == .tooManyRedirects)
        #expect(server.requests.count == 4)
        let response = try await makeClient(limits: TransferLimits(redirectsMax: 0)).send(HTTPRequest(url: server.url))
        #expect(response.status == 302)
        #expect(response.header("Location") == "/again")
    }

    @Test("no redirect leads to another protocol", arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "scp://h/x"])
    func otherProtocol(location: String) async throws {
        let server = try Self.redirecting(to: location)
        #expect(try await failure(server.url).reason == .redirectToOtherProtocol)
    }

    @Test("no redirect leads to an address with a password in it")
    func userInAddress() async throws {
        let other = try MisbehavingServer(RequestTests.echo)
        let server = try Self.redirecting(to: "http://u:hunter2@127.0.0.1:\(other.port)/")
        let failed = try await failure(server.url)
        #expect(failed.reason == .badURL)
        #expect(!failed.description.contains("hunter2"))
        #expect(other.requests.isEmpty)
    }

    @Test("authorization and cookies do not follow to another host or port, however they were set")
    func authorization() async throws {
        let elsewhere = try MisbehavingServer(host: "127.0.0.2", RequestTests.echo)
        let otherPort = try MisbehavingServer(RequestTests.echo)
        let own: [(name: String, value: String)] = [("Authorization", "Bearer t"), ("Cookie", "s=1")]
        for target in [elsewhere, otherPort] {
            let server = try Self.redirecting(to: target.url + "/b")
            _ = try await makeClient().send(HTTPRequest(url: server.url, basicAuth: Self.auth))
            _ = try await makeClient().send(HTTPRequest(url: server.url, headers: own))
            #expect(server.requests.compactMap { $0.header("Authorization") }.count == 2)
            #expect(target.requests.count == 2)
            #expect(target.requests.allSatisfy { $0.header("Authorization") == nil && $0.header("Cookie") == nil })
        }
    }

    @Test("only a GET follows; a body stays where it was sent", arguments: ["301 A", "302 B", "303 C", "307 D", "308 E"])
    func bodies(status: String) async throws {
        let other = try MisbehavingServer(host: "127.0.0.2", RequestTests.echo)
        let server = try Self.redirecting(status, to: other.url)
        for method in [HTTPRequest.Method.post, .put, .delete] {
            let response = try await makeClient().send(HTTPRequest(method: method, url: server.url, body: [1, 2]))
            #expect("\(response.status)" == status.prefix(3))
        }
        #expect(other.accepted == 0)
    }
}
