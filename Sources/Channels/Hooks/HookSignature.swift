import Crypto
import Foundation
import Store

/// The three headers of Standard Webhooks (https://www.standardwebhooks.com): who this message is, when it is sent, and the proof.
public struct HookSignature: Sendable {
    /// `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body` under the secret's bytes. `timestamp` is in whole seconds since 1970.
    public static func sign(id: String, timestamp: Int64, body: [UInt8], secret: HookSecret) -> String {
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
        return "v1," + Data(code).base64EncodedString()
    }

    static func headers(id: String, at instant: Date, body: [UInt8], secret: HookSecret) -> [(name: String, value: String)] {
        let timestamp = Int64(instant.timeIntervalSince1970)
        return [
            ("content-type", "application/json"), ("webhook-id", id), ("webhook-timestamp", String(timestamp)),
            ("webhook-signature", sign(id: id, timestamp: timestamp, body: body, secret: secret)),
        ]
    }
}
