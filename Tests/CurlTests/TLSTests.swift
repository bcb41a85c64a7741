import Curl
import Foundation
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
    @Test("a certificate of an unknown authority is untrusted, and good with that authority's file")
    func authority() async throws {
        let server = try TLSServer(.good)
        let certificates = try Certificates.shared.get()
        #expect(try await failure(server.url).reason == .certificateUntrusted)
        #expect(try await failure(server.url, tls: TLSOptions(caFile: certificates.otherAuthority)).reason == .certificateUntrusted)
        let response = try await makeClient(tls: TLSOptions(caFile: certificates.authority)).send(HTTPRequest(url: server.url))
        #expect(response.status == 200)
        #expect(response.text.contains("s_server"))
    }

    @Test("each fault of a certificate has its own reason", arguments: [
        (Certificates.Kind.expired, HTTPFailure.Reason.certificateExpired), (.future, .certificateExpired),
        (.wrongHost, .certificateWrongHost),
    ])
    func faults(kind: Certificates.Kind, reason: HTTPFailure.Reason) async throws {
        let server = try TLSServer(kind)
        let authority = try Certificates.shared.get().authority
        #expect(try await failure(server.url, tls: TLSOptions(caFile: authority)).reason == reason)
    }

    @Test("a file of authorities that is missing or holds none is told apart")
    func caFile() async throws {
        let server = try TLSServer(.good)
        let certificates = try Certificates.shared.get()
        for file in [certificates.path("missing.pem"), certificates.path("index")] {
            #expect(try await failure(server.url, tls: TLSOptions(caFile: file)).reason == .caFileUnusable)
        }
    }

    @Test("TLS older than 1.2 is not spoken")
    func oldTLS() async throws {
        let server = try TLSServer(.good, arguments: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
        let authority = try Certificates.shared.get().authority
        #expect(try await failure(server.url, tls: TLSOptions(caFile: authority)).reason == .tlsOther)
    }

    @Test("https is never redirected down to http")
    func downgrade() async throws {
        let target = try MisbehavingServer(RequestTests.echo)
        let certificates = try Certificates.shared.get()
        let name = "downgrade-\(target.port)"
        try "HTTP/1.0 302 Found\r\nLocation: \(target.url)/\r\n\r\n".write(
            to: URL(filePath: certificates.path(name)), atomically: true, encoding: .utf8)
        let server = try TLSServer(.good, folder: certificates.path(""))
        let failed = try await failure(server.url + name, tls: TLSOptions(caFile: certificates.authority))
        #expect(failed.reason == .redirectToOtherProtocol)
        #expect(target.accepted == 0)
    }
}
