/// A value that PostgreSQL can be given and can give back, both as text.
///
/// Text arrives as a `Span`, which the compiler does not let out of the call: what is kept is copied, so nothing outlives the result it
/// came from. An identifier type conforms by declaring it (`extension TicketID: PostgresValue {}`) when it is `RawRepresentable` over a
/// value that conforms.
public protocol PostgresValue: Sendable {
    /// The value as PostgreSQL's input function for it reads it; nil is NULL.
    var postgresText: String? { get }

    /// The value of PostgreSQL's output text; nil when the text is not one of this type.
    static func decode(postgresText: Span<UInt8>) -> Self?

    /// What NULL is as this type; nil (the default) when the type cannot be NULL.
    static var postgresNull: Self? { get }

    /// Whether an element of an array literal needs quotes; numbers and truth values do not.
    static var isQuotedInArray: Bool { get }

    /// A list of such values; an array literal unless the type has another form for it (bytes are a bytea).
    static func postgresText(of array: [Self]) -> String?

    /// The list back from text; nil when the text is not one.
    static func decodeArray(postgresText: Span<UInt8>) -> [Self]?
}

extension PostgresValue {
    public static var postgresNull: Self? { nil }
    public static var isQuotedInArray: Bool { true }
    public static func postgresText(of array: [Self]) -> String? { ArrayLiteral.text(of: array) }
    public static func decodeArray(postgresText: Span<UInt8>) -> [Self]? { ArrayLiteral.decode(postgresText) }
}

extension PostgresValue where Self: RawRepresentable, RawValue: PostgresValue {
    public var postgresText: String? { rawValue.postgresText }
    public static var isQuotedInArray: Bool { RawValue.isQuotedInArray }

    public static func decode(postgresText: Span<UInt8>) -> Self? {
        guard let rawValue = RawValue.decode(postgresText: postgresText) else { return nil }
        return Self(rawValue: rawValue)
    }
}

extension Optional: PostgresValue where Wrapped: PostgresValue {
    public var postgresText: String? { self?.postgresText }
    public static var postgresNull: Wrapped?? { .some(nil) }
    public static var isQuotedInArray: Bool { Wrapped.isQuotedInArray }

    public static func decode(postgresText: Span<UInt8>) -> Wrapped?? {
        guard let wrapped = Wrapped.decode(postgresText: postgresText) else { return nil }
        return .some(wrapped)
    }
}

/// One dimension only: PostgreSQL's arrays of arrays are another type, which nothing here needs.
extension Array: PostgresValue where Element: PostgresValue {
    public var postgresText: String? { Element.postgresText(of: self) }
    public static func decode(postgresText: Span<UInt8>) -> [Element]? { Element.decodeArray(postgresText: postgresText) }
}
