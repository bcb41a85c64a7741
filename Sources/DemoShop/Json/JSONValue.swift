/// A JSON document that keeps what PHP wrote: the order of keys, and numbers as their own text (`49`, `33.333333333333336`).
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    static func int(_ value: Int) -> JSONValue { .number(String(value)) }

    /// The members in the order given.
    static func members(_ pairs: KeyValuePairs<String, JSONValue>) -> JSONValue {
        .object(pairs.map { JSONMember(name: $0.key, value: $0.value) })
    }

    var text: String? { if case .string(let text) = self { text } else { nil } }
    var items: [JSONValue] { if case .array(let items) = self { items } else { [] } }

    /// A whole number, also when PHP wrote it as a string; a fraction is cut off.
    var whole: Int? {
        switch self {
        case .number(let text), .string(let text): Int(text) ?? Double(text).flatMap { Int(exactly: $0.rounded(.towardZero)) }
        default: nil
        }
    }

    /// The member of that name: reading a missing one gives nil; setting replaces in place or adds at the end, setting nil removes.
    subscript(_ name: String) -> JSONValue? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let place = members.firstIndex { $0.name == name }
            switch (place, newValue) {
            case (let place?, let value?): members[place].value = value
            case (let place?, nil): members.remove(at: place)
            case (nil, let value?): members.append(JSONMember(name: name, value: value))
            case (nil, nil): return
            }
            self = .object(members)
        }
    }
}
