import Domain
import FoundationEssentials
import Store

/// The members of a request's object, read one by one by name; every message names the field, what would be right and what was found.
///
/// `null` counts as absent where a field may be absent.
struct Fields: Sendable {
    private let members: [JSONValue.Member]

    /// 400 when the bytes are not JSON, 422 when they are no object or have a member that is not `known`.
    static func parse(_ bytes: [UInt8], known: [String]) throws -> Fields {
        let value: JSONValue
        do throws(JSONFault) { value = try JSONParser.parse(bytes) } catch { throw Problem.notJSON(error) }
        return try Fields(value, known: known)
    }

    init(_ value: JSONValue, known: [String]) throws {
        guard case .object(let members) = value else { throw Problem.notAnObject(found: value) }
        if let unknown = members.first(where: { !known.contains($0.name) }) { throw Problem.unknownField(unknown.name, known: known) }
        self.members = members
    }

    private subscript(name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    // MARK: Text

    func text(_ name: String, charactersMax: Int) throws -> String {
        guard let text = try optionalText(name, charactersMax: charactersMax) else {
            throw Refusal.missingField(field: name, expected: Fields.textExpected(charactersMax))
        }
        return text
    }

    func optionalText(_ name: String, charactersMax: Int) throws -> String? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value, (1...charactersMax).contains(text.unicodeScalars.count) else {
            throw Fields.wrong(name, Fields.textExpected(charactersMax), value)
        }
        return text
    }

    private static func textExpected(_ max: Int) -> String { "a text of 1 to \(max) characters" }

    // MARK: Whole numbers

    /// Any whole number of 64 bits; the store refuses what is out of bounds. `bounds` are for the message.
    func whole(_ name: String, bounds: ClosedRange<Int64>) throws -> Int64 {
        guard let number = try optionalWhole(name, bounds: bounds) else {
            throw Refusal.missingField(field: name, expected: Fields.wholeExpected(bounds))
        }
        return number
    }

    func optionalWhole(_ name: String, bounds: ClosedRange<Int64>) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value else { throw Fields.wrong(name, Fields.wholeExpected(bounds), value) }
        return number
    }

    /// As `optionalWhole`, refused here when it is out of bounds.
    func optionalWhole(_ name: String, within bounds: ClosedRange<Int64>) throws -> Int64? {
        guard let value = self[name] else { return nil }
        guard case .integer(let number) = value, bounds.contains(number) else { throw Fields.wrong(name, Fields.wholeExpected(bounds), value) }
        return number
    }

    private static func wholeExpected(_ bounds: ClosedRange<Int64>) -> String {
        "a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
    }

    // MARK: The rest

    func optionalTime(_ name: String) throws -> Date? {
        guard let value = self[name] else { return nil }
        guard case .string(let text) = value, let time = Timestamp.parse(text) else { throw Fields.wrong(name, Fields.timeExpected, value) }
        return time
    }

    static let timeExpected = "a time such as 2026-03-01T09:30:00Z (RFC 3339)"

    func optionalFlag(_ name: String) throws -> Bool? {
        guard let value = self[name] else { return nil }
        guard case .bool(let flag) = value else { throw Fields.wrong(name, "true or false", value) }
        return flag
    }

    func list(_ name: String, elements bounds: ClosedRange<Int>) throws -> [JSONValue] {
        let expected = "a list of \(bounds.lowerBound) to \(bounds.upperBound) elements"
        guard let value = self[name] else { throw Refusal.missingField(field: name, expected: expected) }
        guard case .array(let values) = value else { throw Fields.wrong(name, expected, value) }
        guard bounds.contains(values.count) else {
            throw Refusal.invalidField(field: name, expected: "\(expected), found \(values.count)")
        }
        return values
    }

    static func wrong(_ name: String, _ expected: String, _ found: JSONValue) -> Refusal {
        Refusal.invalidField(field: name, expected: "\(expected), found \(found.shown)")
    }
}
