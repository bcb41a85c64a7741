import Curl
import Foundation
import Testing
@testable import OrderFeed

@Suite struct OAuthTests {
    private struct Vector: Decodable {
        let base_string: String
        let params: [String: String]
        let url: String
    }

    @Test("a request over plain http is signed byte for byte as the recorded shop accepted it")
    func vector() throws {
        let vector = try JSONDecoder().decode(Vector.self, from: Data(DocumentRecordings.bytes("rest/auth/oauth-vector.json")))
        let address = try URLParts(vector.url)
        let signature = OAuthSignature(
            consumerKey: FeedFixture.key, consumerSecret: FeedFixture.secret, nonce: try #require(vector.params["oauth_nonce"]),
            timestamp: try #require(vector.params["oauth_timestamp"].flatMap { Int($0) }))
        let own = vector.params.filter { !$0.key.hasPrefix("oauth_") }.map { (name: $0.key, value: $0.value) }
        let signed = signature.sign(address, own)
        #expect(OAuthSignature.baseString(address, signed.dropLast()) == vector.base_string)
        #expect(signed.last?.value == vector.params["oauth_signature"])
        #expect(Dictionary(signed.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }) == vector.params)
    }
}
