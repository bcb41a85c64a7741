import Crypto
import Curl
import FoundationEssentials

/// OAuth 1.0a, one-legged, HMAC-SHA256 (RFC 5849, 3.4; `woocommerce.md`, "Signing in" 2): how plain http is signed.
struct OAuthSignature {
    let consumerKey: String
    let consumerSecret: String
    /// Never used twice within the shop's window of 15 minutes.
    let nonce: String
    /// Seconds since 1970.
    let timestamp: Int

    /// The parameters with those of the signature, the signature itself last.
    func sign(_ address: URLParts, _ parameters: [(name: String, value: String)]) -> [(name: String, value: String)] {
        let all = parameters + own
        return all + [("oauth_signature", signature(OAuthSignature.baseString(address, all)))]
    }

    private var own: [(name: String, value: String)] {
        [
            ("oauth_consumer_key", consumerKey), ("oauth_nonce", nonce), ("oauth_signature_method", "HMAC-SHA256"),
            ("oauth_timestamp", String(timestamp)),
        ]
    }

    /// The port is part of it unless it is the scheme's own; parameters are encoded, sorted, and encoded again.
    static func baseString(_ address: URLParts, _ parameters: [(name: String, value: String)]) -> String {
        let pairs = parameters.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
        let sorted = pairs.sorted { ($0.0, $0.1) < ($1.0, $1.1) }
        let query = sorted.map { "\($0.0)=\($0.1)" }.joined(separator: "&")
        return "GET&\(PercentEncoding.encode(address.origin + address.path))&\(PercentEncoding.encode(query))"
    }

    /// The signing key is the secret and `&`, for there is no token.
    func signature(_ baseString: String) -> String {
        let key = SymmetricKey(data: Array((consumerSecret + "&").utf8))
        return Data(HMAC<SHA256>.authenticationCode(for: Array(baseString.utf8), using: key)).base64EncodedString()
    }
}
