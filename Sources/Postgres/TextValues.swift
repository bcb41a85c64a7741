import FoundationEssentials

/// The session speaks UTF-8, so every text decodes. A NUL byte, which PostgreSQL's text cannot hold, is refused when the statement runs.
extension String: PostgresValue {
    public var postgresText: String? { self }

    public static func decode(postgresText: Span<UInt8>) -> String? {
        unsafe postgresText.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension UUID: PostgresValue {
    public static var isQuotedInArray: Bool { false }
    public var postgresText: String? { uuidString.lowercased() }

    public static func decode(postgresText: Span<UInt8>) -> UUID? {
        guard let text = String.decode(postgresText: postgresText) else { return nil }
        return UUID(uuidString: text)
    }
}
