import Crypto
import FoundationEssentials

/// OAuth 1.0a as WooCommerce checks it (`rest/auth/oauth-vector.json`): one-legged, the signing key is the secret and `&`, the port is
/// part of the base string, and parameters are encoded, sorted and encoded again.
enum OAuthSignature {
    /// `GET&http%3A%2F%2F127.0.0.1%3A8080%2F...&_fields%3Did%26...`
    static func baseString(_ request: ShopRequest, _ signed: [(name: String, value: String)]) -> String {
        let pairs = signed.map { (PercentCoding.encode($0.name), PercentCoding.encode($0.value)) }
        let sorted = pairs.sorted { $0 < $1 }.map { $0.0 + "=" + $0.1 }.joined(separator: "&")
        let url = "\(request.scheme)://\(request.host)\(request.rawPath)"
        return [request.method, PercentCoding.encode(url), PercentCoding.encode(sorted)].joined(separator: "&")
    }

    /// Base64 of the HMAC; nil for a method other than `HMAC-SHA256` and `HMAC-SHA1`.
    static func signature(_ base: String, method: String, secret: String) -> String? {
        let key = SymmetricKey(data: Data((secret + "&").utf8))
        switch method {
        case "HMAC-SHA256": return Data(HMAC<SHA256>.authenticationCode(for: Data(base.utf8), using: key)).base64EncodedString()
        case "HMAC-SHA1": return Data(HMAC<Insecure.SHA1>.authenticationCode(for: Data(base.utf8), using: key)).base64EncodedString()
        default: return nil
        }
    }
}
