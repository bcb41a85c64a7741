import Domain
import FoundationEssentials

/// What WooCommerce and its plugins write loosely: numbers as strings and the other way round, empty strings for nothing.
extension KeyedDecodingContainer {
    /// An integer, also as a string.
    func looseInteger(_ key: Key) throws -> Int64 {
        if let number = try? decode(Int64.self, forKey: key) { return number }
        if let text = try? decode(String.self, forKey: key), let number = Int64(text) { return number }
        throw wrong(key, expected: "an integer")
    }

    /// The same, where absent, null and empty mean 0.
    func looseIntegerOrZero(_ key: Key) throws -> Int64 {
        if let number = try? decodeIfPresent(Int64.self, forKey: key) { return number }
        return try isEmpty(key) ? 0 : looseInteger(key)
    }

    /// Text, also when it was written as a number; absent and null are the empty text.
    func looseText(_ key: Key) throws -> String {
        if let text = try? decodeIfPresent(String.self, forKey: key) { return text }
        if try isEmpty(key) { return "" }
        if let number = try? decode(Decimal.self, forKey: key) { return number.description }
        throw wrong(key, expected: "text")
    }

    /// The same as `numberText`, for what is nearly always an integer: a failed attempt at decoding is dear.
    func integerText(_ key: Key) throws -> LooseNumber {
        if let number = try? decode(Int64.self, forKey: key) { return LooseNumber(text: String(number), path: path(key)) }
        return try numberText(key)
    }

    /// The digits of a number exactly as they were written, be it a number or a string.
    func numberText(_ key: Key) throws -> LooseNumber {
        if let text = try? decode(String.self, forKey: key) { return LooseNumber(text: text, path: path(key)) }
        if let number = try? decode(Decimal.self, forKey: key) { return LooseNumber(text: number.description, path: path(key)) }
        throw wrong(key, expected: "a number")
    }

    /// A list; absent and null are the empty list. PHP writes an empty object for some empty lists.
    func looseList<Element: Decodable>(_ type: Element.Type, _ key: Key) throws -> [Element] {
        if let list = try decodeIfPresent([Element].self, forKey: key) { return list }
        return []
    }

    /// GMT without a zone, `2026-11-22T03:11:54`; nil when absent, null or empty.
    func gmt(_ key: Key) throws -> Date? {
        if try isEmpty(key) { return nil }
        guard let text = try? decode(String.self, forKey: key), let date = WooDate.parse(text) else {
            throw wrong(key, expected: "a GMT time like 2026-11-22T03:11:54")
        }
        return date
    }

    func wrong(_ key: Key, expected: String) -> OrderDocumentError {
        .badField(path: path(key), expected: expected, found: found(key))
    }

    func path(_ key: Key) -> String { OrderDocumentError.path(codingPath + [key]) }

    private func isEmpty(_ key: Key) throws -> Bool {
        if !contains(key) { return true }
        if try decodeNil(forKey: key) { return true }
        return (try? decode(String.self, forKey: key)) == ""
    }

    private func found(_ key: Key) -> String {
        if !contains(key) { return "nothing" }
        if let text = try? decode(String.self, forKey: key) { return LooseNumber.quoted(text) }
        if let number = try? decode(Decimal.self, forKey: key) { return number.description }
        if let flag = try? decode(Bool.self, forKey: key) { return flag ? "true" : "false" }
        return (try? decodeNil(forKey: key)) == true ? "null" : "a list or an object"
    }
}

/// A number as text, with the place it was found at.
struct LooseNumber {
    /// The longest text that an error tells back, in characters.
    static let shownMax = 40

    let text: String
    let path: String

    func money(_ currency: Currency) throws(OrderDocumentError) -> Money {
        guard let money = Money.parse(text, currency: currency) else { throw wrong(expected: "an amount like \"59.78\"") }
        return money
    }

    func quantity() throws(OrderDocumentError) -> Quantity {
        guard let quantity = Quantity(text: text) else {
            let isDecimal = !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2E || $0 == 0x2D }
            throw wrong(expected: isDecimal ? "a number of at most \(Quantity.decimals) decimals" : "a number")
        }
        return quantity
    }

    static func quoted(_ text: String) -> String { "\"\(text.prefix(shownMax))\"" }

    private func wrong(expected: String) -> OrderDocumentError {
        .badField(path: path, expected: expected, found: LooseNumber.quoted(text))
    }
}
