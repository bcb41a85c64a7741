import FoundationEssentials

/// The secret that a hook's messages are signed with: `whsec_` and the Base64 of 24 to 64 bytes.
/// Source: Standard Webhooks, "Signature scheme" (https://www.standardwebhooks.com).
public struct HookSecret: Sendable {
    public static let prefix = "whsec_"
    static let bytesCount = 32

    /// The text as it is shown and stored.
    public let text: SecretText
    /// What goes into the HMAC.
    public let bytes: [UInt8]

    /// Nil unless it is a secret of that form.
    public init?(_ text: SecretText) {
        guard text.value.hasPrefix(HookSecret.prefix), let data = Data(base64Encoded: String(text.value.dropFirst(HookSecret.prefix.count))),
            (24...64).contains(data.count)
        else { return nil }
        self.text = text
        bytes = Array(data)
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        text = SecretText(HookSecret.prefix + Data(bytes).base64EncodedString())
    }

    /// A new one, from the system's generator.
    static func generate() -> HookSecret {
        var generator = SystemRandomNumberGenerator()
        return HookSecret(bytes: (0..<bytesCount).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
