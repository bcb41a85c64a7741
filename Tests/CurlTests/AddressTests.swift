import Curl
import Testing

struct AddressTests {
    @Test("an address comes apart into what OAuth signs")
    func parts() throws {
        let parts = try URLParts("HTTPS://Shop.Example:8443/wp-json/../wp-json/wc%20x?b=2&a=1%2B1&c+d=e+f&g")
        #expect(parts.scheme == "https")
        #expect(parts.host == "shop.example")
        #expect(parts.port == 8443)
        #expect(parts.path == "/wp-json/wc%20x")
        #expect(parts.query == "b=2&a=1%2B1&c+d=e+f&g")
        #expect(parts.queryItems.map { [$0.name, $0.value] } == [["b", "2"], ["a", "1+1"], ["c d", "e f"], ["g", ""]])
        #expect(parts.origin == "https://shop.example:8443")
    }

    @Test("the scheme's own port is left out of the origin")
    func ports() throws {
        #expect(try URLParts("http://a").origin == "http://a")
        #expect(try URLParts("http://a").path == "/")
        #expect(try URLParts("http://a:80/").isDefaultPort)
        #expect(try URLParts("https://a:80/").origin == "https://a:80")
        #expect(try URLParts("https://[::1]:8443/x").origin == "https://[::1]:8443")
        #expect(try URLParts("http://a").query == nil)
    }

    @Test("what is no absolute http or https address is refused")
    func refusals() {
        for text in ["", "/x", "shop.example", "http://", "http://u@h/", "http://h h/", "http://h:0x50/", "http://h/\u{7f}"] {
            #expect(throws: HTTPFailure(reason: .badURL, address: "an address that cannot be read"), "\(text)") { try URLParts(text) }
        }
        #expect(throws: HTTPFailure.self) { try URLParts("http://h/" + String(repeating: "x", count: URLParts.bytesMax)) }
    }

    @Test("a shown address is short, printable and has no query")
    func shown() throws {
        let shown = try URLParts("http://h/" + String(repeating: "é", count: 300) + "?secret=1").safeDescription
        #expect(shown.count < 220)
        #expect(shown.utf8.allSatisfy { (0x21...0x7e).contains($0) })
        #expect(!shown.contains("secret"))
    }

    @Test("only unreserved characters stay as they are (RFC 3986), and all come back")
    func percent() {
        let unreserved = "ABCXYZabcxyz0189-._~"
        #expect(PercentEncoding.encode(unreserved) == unreserved)
        #expect(PercentEncoding.encode(" +&=*/č\n") == "%20%2B%26%3D%2A%2F%C4%8D%0A")
        #expect(PercentEncoding.decode("%20%2b%C4%8D+") == " +č+")
        #expect(PercentEncoding.decode("a+b", plusIsSpace: true) == "a b")
        for broken in ["%", "%4", "%zz", "%C4"] { #expect(PercentEncoding.decode(broken) == nil) }
        let everything = String(String.UnicodeScalarView((0...0x2ff).compactMap { UnicodeScalar($0 as UInt32) }))
        #expect(PercentEncoding.decode(PercentEncoding.encode(everything)) == everything)
    }
}
