import Domain
import FoundationEssentials
import Store

/// The query of an address, decoded and checked against what the route takes. Only a name that is known and given once is taken.
struct Query: Sendable {
    private var values: [String: String] = [:]

    init(_ text: Substring?, known: [QueryParameter]) throws {
        guard let text, !text.isEmpty else { return }
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = PercentText.decode(parts[0]) else { throw Query.notText(String(parts[0])) }
            guard known.contains(where: { $0.name == name }) else { throw Problem.unknownParameter(name, known: known.map(\.name)) }
            guard let value = PercentText.decode(parts.count == 2 ? parts[1] : "") else { throw Query.notText(name) }
            guard values.updateValue(value, forKey: name) == nil else {
                throw Refusal.invalidField(field: name, expected: "one value, found several")
            }
        }
    }

    private static func notText(_ name: String) -> Refusal {
        .invalidField(field: JSONValue.shortened(name), expected: "percent-encoded UTF-8 without NUL")
    }

    subscript(name: String) -> String? { values[name] }

    func limit() throws -> Int {
        try whole("limit", in: 1...Int64(Page.limitMax)).map(Int.init) ?? Page.limitDefault
    }

    func whole(_ name: String, in bounds: ClosedRange<Int64>) throws -> Int64? {
        guard let text = values[name] else { return nil }
        guard let number = WholeText.number(text), bounds.contains(number) else {
            throw wrong(name, "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)", text)
        }
        return number
    }

    func time(_ name: String) throws -> Date? {
        guard let text = values[name] else { return nil }
        guard let time = Timestamp.parse(text) else { throw wrong(name, Fields.timeExpected, text) }
        return time
    }

    func choice<Choice: RawRepresentable & CaseIterable>(_ name: String, _ type: Choice.Type) throws -> Choice? where Choice.RawValue == String {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw wrong(name, "one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "), text)
        }
        return choice
    }

    func flag(_ name: String) throws -> Bool? {
        guard let text = values[name] else { return nil }
        guard text == "true" || text == "false" else { throw wrong(name, "true or false", text) }
        return text == "true"
    }

    func wrong(_ name: String, _ expected: String, _ found: String) -> Refusal {
        .invalidField(field: name, expected: "\(expected), found \"\(JSONValue.shortened(found))\"")
    }
}

/// Numbers in addresses: digits alone, no sign, no zero in front.
enum WholeText {
    static func number(_ text: some StringProtocol) -> Int64? {
        guard text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), text.utf8.first != UInt8(ascii: "0") || text == "0"
        else { return nil }
        return Int64(text)
    }
}

enum PercentText {
    /// Undoes `%XX` and `+`; nil when the result is not UTF-8 or has a NUL.
    static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else { return nil }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        return bytes.contains(0) ? nil : String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? { Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) }
}
