import Curl
import Glibc
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PrivateAddressTests {
    @Test("a client that refuses private addresses does so by address, in whatever clothes it comes", arguments: [
        "127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.0.0.2", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254",
        "[fe80::1]", "[fd00::1]",
    ])
    func refused(host: String) async throws {
        let server = try MisbehavingServer(RequestTests.echo)
        let failed = try await failure("http://\(host):\(server.port)/", tls: TLSOptions(refusePrivateAddresses: true))
        #expect(failed.reason == .addressRefused)
        #expect(server.accepted == 0)
    }

    @Test("a redirect to a refused address is refused too")
    func redirect() async throws {
        let inside = try MisbehavingServer(host: "127.0.0.2", RequestTests.echo)
        let outside = try RedirectTests.redirecting(to: inside.url + "/metadata")
        var tls = TLSOptions(refusePrivateAddresses: true)
        tls.isAddressAllowed = { $0.bytes == [127, 0, 0, 1] }
        let failed = try await failure(outside.url, tls: tls)
        #expect(failed.reason == .addressRefused)
        #expect(outside.accepted == 1)
        #expect(inside.accepted == 0)
    }

    @Test("without the option a private address is fine")
    func allowed() async throws {
        let server = try MisbehavingServer(RequestTests.echo)
        #expect(try await makeClient().send(HTTPRequest(url: "http://localhost:\(server.port)/")).status == 200)
    }

    @Test("private, shared, reserved and multicast addresses are not public", arguments: [
        "0.1.2.3", "10.255.0.1", "100.64.0.1", "100.127.255.255", "127.1.1.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
        "192.168.1.1", "198.18.0.1", "198.19.255.255", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::", "2001::1", "2001:db8::1", "fc00::1",
        "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "100::1", "3fff::1",
    ])
    func notPublic(text: String) throws {
        #expect(try !#require(address(text)).isPublic)
    }

    @Test("the neighbours of those ranges are public", arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.1.1.1", "128.0.0.1", "169.253.1.1", "172.15.1.1",
        "172.32.0.1", "192.0.1.1", "192.167.1.1", "192.169.1.1", "198.17.1.1", "198.20.1.1", "223.255.255.254", "2a00::1", "2606:4700::1111",
        "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ])
    func isPublic(text: String) throws {
        #expect(try #require(address(text)).isPublic)
    }

    private func address(_ text: String) -> IPAddress? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if unsafe inet_pton(AF_INET, text, &bytes) == 1 { return IPAddress(bytes: Array(bytes.prefix(4))) }
        return unsafe inet_pton(AF_INET6, text, &bytes) == 1 ? IPAddress(bytes: bytes) : nil
    }
}
