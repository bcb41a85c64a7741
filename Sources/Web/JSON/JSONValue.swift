/// A JSON value as a caller sent it.
enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    /// A number without a fractional part that fits 64 bits: also `1.0` and `1e2`, which JSON Schema calls integers.
    case integer(Int64)
    /// Any other number, as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Sendable, Equatable {
        let name: String
        let value: JSONValue
    }

    /// The value as a message may tell it back: what it is, and its text where it is short.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let text): JSONValue.shortened(text)
        case .string(let text): "\"" + JSONValue.shortened(text) + "\""
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The longest part of what was sent that is told back, in characters.
    static let shownMax = 64

    static func shortened(_ text: String) -> String {
        let printable = text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) }
        return printable.count <= shownMax ? String(printable) : String(printable.prefix(shownMax)) + "..."
    }
}
