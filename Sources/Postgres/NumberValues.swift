extension Bool: PostgresValue {
    public var postgresText: String? { self ? "t" : "f" }
    public static var isQuotedInArray: Bool { false }

    public static func decode(postgresText: Span<UInt8>) -> Bool? {
        switch postgresText.isEmpty ? 0 : postgresText[0] {
        case UInt8(ascii: "t"): true
        case UInt8(ascii: "f"): false
        default: nil
        }
    }
}

extension PostgresValue where Self: FixedWidthInteger {
    public var postgresText: String? { String(self) }
    public static var isQuotedInArray: Bool { false }

    public static func decode(postgresText: Span<UInt8>) -> Self? {
        guard let value = WholeNumber.decode(postgresText) else { return nil }
        return Self(exactly: value)
    }
}

extension Int: PostgresValue {}
extension Int16: PostgresValue {}
extension Int32: PostgresValue {}
extension Int64: PostgresValue {}

/// A byte by itself is a small number; a list of bytes is a bytea, in hexadecimal.
extension UInt8: PostgresValue {
    public static func postgresText(of array: [UInt8]) -> String? { Hexadecimal.text(of: array) }
    public static func decodeArray(postgresText: Span<UInt8>) -> [UInt8]? { Hexadecimal.decode(postgresText) }
}

extension Double: PostgresValue {
    public static var isQuotedInArray: Bool { false }

    public var postgresText: String? {
        if isNaN { return "NaN" }
        if isInfinite { return self < 0 ? "-Infinity" : "Infinity" }
        return description
    }

    /// PostgreSQL prints the shortest text that reads back as the same number (`extra_float_digits`, manual 20.11.2).
    public static func decode(postgresText: Span<UInt8>) -> Double? {
        guard let text = String.decode(postgresText: postgresText) else { return nil }
        return Double(text)
    }
}

/// Whole numbers out of text without a detour over `String`.
enum WholeNumber {
    /// The signed number that the whole text is, or nil when it is none or does not fit.
    static func decode(_ text: Span<UInt8>) -> Int64? {
        guard !text.isEmpty else { return nil }
        let isNegative = text[0] == UInt8(ascii: "-")
        var value: Int64 = 0
        guard !isNegative || text.count > 1 else { return nil }
        for index in (isNegative ? 1 : 0)..<text.count {
            let digit = Int64(text[index]) - 48
            guard (0...9).contains(digit) else { return nil }
            let (product, isTooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, isTooFar) = isNegative ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !isTooBig, !isTooFar else { return nil }
            value = sum
        }
        return value
    }
}

/// Bytes as PostgreSQL's `bytea_output = hex` writes them: `\x` and two digits a byte (manual 8.4.1).
enum Hexadecimal {
    private static let digits = Array("0123456789abcdef".utf8)

    static func text(of bytes: [UInt8]) -> String {
        var text: [UInt8] = [UInt8(ascii: "\\"), UInt8(ascii: "x")]
        text.reserveCapacity(2 + 2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        guard text.count >= 2, text.count.isMultiple(of: 2), text[0] == UInt8(ascii: "\\"), text[1] == UInt8(ascii: "x") else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 2 - 1)
        for index in stride(from: 2, to: text.count, by: 2) {
            guard let high = value(of: text[index]), let low = value(of: text[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 48...57: digit - 48
        case 97...102: digit - 87
        case 65...70: digit - 55
        default: nil
        }
    }
}
