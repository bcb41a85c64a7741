/// The caller's name for one write (P5): 1 to 255 printable ASCII characters. Keys belong to the shop.
public struct IdempotencyKey: Hashable, Sendable, CustomStringConvertible {
    public static let lengthMax = 255

    public let text: String

    /// Nil when the text is empty, too long or not printable ASCII.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...IdempotencyKey.lengthMax).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
        self.text = text
    }

    /// The key of a header, or why there is none.
    public static func read(_ header: String?) -> Result<IdempotencyKey, Refusal> {
        guard let header, !header.isEmpty else { return .failure(.keyMissing) }
        return IdempotencyKey(header).map(Result.success) ?? .failure(.keyMalformed)
    }

    public var description: String { text }
}
