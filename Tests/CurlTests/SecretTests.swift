import Curl
import Testing

@Suite(.timeLimit(.minutes(2)))
struct SecretTests {
    private static let secrets = ["hunter2", "cs_query", "bearer-token", "ck_user", "cs_password", "body-secret", "frag-secret"]

    private static func request(_ url: String, method: HTTPRequest.Method = .get) -> HTTPRequest {
        HTTPRequest(
            method: method, url: url + "?consumer_secret=cs_query#frag-secret", headers: [("X-Api-Key", "bearer-token")],
            body: method == .post ? Array("body-secret".utf8) : nil,
            basicAuth: .init(user: Secret("ck_user"), password: Secret("cs_password")))
    }

    private static func expectNone(in value: Any) {
        var dumped = ""
        dump(value, to: &dumped)
        for text in ["\(value)", String(reflecting: value), dumped] {
            for secret in secrets { #expect(!text.contains(secret), "\(secret) in \(text)") }
        }
    }

    @Test("no failure shows a secret, whatever went wrong")
    func failures() async throws {
        let scripts: [MisbehavingServer.Script] = [
            { connection in _ = connection.readRequest() },
            { connection in
                _ = connection.readRequest()
                connection.write("garbage cs_password\r\n\r\n")
            },
            { connection in
                _ = connection.readRequest()
                connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbody-secret")
            },
            { connection in
                _ = connection.readRequest()
                connection.answer("302 Found", headers: ["Location: http://u:hunter2@127.0.0.1:1/?x=cs_query"])
            },
            { connection in
                _ = connection.readRequest()
                connection.answer("302 Found", headers: ["Location: http://127.0.0.1:1/b?x=cs_query#frag-secret"])
            },
            { connection in
                _ = connection.readRequest()
                connection.answer("302 Found", headers: ["Location: file:///cs_query"])
            },
            { connection in connection.waitUntilClientLeaves() },
        ]
        let limits = TransferLimits(totalSecondsMax: 0.5)
        for script in scripts {
            let server = try MisbehavingServer(script)
            let failed = try await failure(makeClient(), Self.request(server.url + "/orders"), limits: limits)
            Self.expectNone(in: failed)
            let post = await #expect(throws: (any Error).self) {
                let response = try await makeClient().send(Self.request(server.url, method: .post), limits: limits)
                Self.expectNone(in: response)
                throw CancellationError()
            }
            Self.expectNone(in: try #require(post))
        }
        let urls = [
            "http://u:hunter2@127.0.0.1/", "http://u:hunter2@ bad/", "hunter2", "ftp://u:hunter2@h/hunter2", "https://nowhere.invalid/x",
            "http://127.0.0.1:1/x",
        ]
        for url in urls { Self.expectNone(in: try await failure(makeClient(), Self.request(url))) }
    }

    @Test("requests, answers and secrets do not show what they hold")
    func values() async throws {
        let server = try MisbehavingServer { connection in
            _ = connection.readRequest()
            connection.answer(headers: ["Set-Cookie: hunter2"], body: "body-secret")
        }
        let request = Self.request(server.url + "/orders")
        Self.expectNone(in: request)
        Self.expectNone(in: try await makeClient().send(request))
        let secret = Secret("hunter2")
        Self.expectNone(in: secret)
        #expect("\(secret)" == "***")
        #expect(secret.reveal() == "hunter2")
    }
}
