/// Why an adjustment, transfer or reversal was made: a code, beside which stands a note. A shop may add codes of its own as data.
/// The code has the shape of a channel name.
public struct Reason: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    public static let goodwill = Reason(known: "goodwill")
    public static let correction = Reason(known: "correction")
    public static let migration = Reason(known: "migration")
    public static let other = Reason(known: "other")
    public static let builtIn = [goodwill, correction, migration, other]

    public let rawValue: String

    /// Nil when the text is not a code.
    public init?(rawValue: String) {
        guard Channel(rawValue: rawValue) != nil else { return nil }
        self.rawValue = rawValue
    }

    private init(known: String) { rawValue = known }

    public var description: String { rawValue }
}
