import Crypto
import FoundationEssentials

/// WooCommerce's webhook signature: base64 of HMAC-SHA256 over the raw body, keyed with the webhook's secret.
public enum WebhookSignature {
    public static func sign(_ body: [UInt8], secret: SecretText) -> String {
        Data(HMAC<SHA256>.authenticationCode(for: body, using: key(secret))).base64EncodedString()
    }

    /// Compared in constant time, so that the time it takes tells nothing about the right one.
    public static func isGood(_ signature: String, body: [UInt8], secret: SecretText) -> Bool {
        guard let code = Data(base64Encoded: signature) else { return false }
        return HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key(secret))
    }

    private static func key(_ secret: SecretText) -> SymmetricKey { SymmetricKey(data: Array(secret.value.utf8)) }
}
