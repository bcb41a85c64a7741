import Foundation

/// As much of JSON Schema 2020-12 as our document uses, written apart from what writes it.
struct SchemaCheck {
    private let document: [String: Any]

    init(_ document: [String: Any]) { self.document = document }

    func faults(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = String(reference.split(separator: "/").last ?? "")
            let schemas = (document["components"] as? [String: Any])?["schemas"] as? [String: [String: Any]]
            guard let target = schemas?[name] else { return ["\(place): no schema \(name)"] }
            return faults(value, target, at: place)
        }
        if let choices = schema["anyOf"] as? [[String: Any]] {
            let tried = choices.map { faults(value, $0, at: place) }
            return tried.contains { $0.isEmpty } ? [] : ["\(place): fits none of \(choices.count)"] + (tried.first ?? [])
        }
        switch schema["type"] as? String {
        case "object": return object(value, schema, at: place)
        case "array":
            guard let list = value as? [Any] else { return ["\(place): no list"] }
            let element = schema["items"] as? [String: Any] ?? [:]
            return list.enumerated().flatMap { faults($1, element, at: "\(place)[\($0)]") }
        case "string": return string(value, schema, at: place)
        case "integer": return integer(value, schema, at: place)
        case "boolean": return isBoolean(value) ? [] : ["\(place): no boolean"]
        case "null": return value is NSNull ? [] : ["\(place): not null"]
        case nil: return []
        case let other?: return ["\(place): the type \(other) is not known to the test"]
        }
    }

    private func object(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        guard let members = value as? [String: Any] else { return ["\(place): no object"] }
        let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
        let missing = (schema["required"] as? [String] ?? []).filter { members[$0] == nil }.map { "\(place).\($0): missing" }
        return missing
            + members.flatMap { name, value in
                if let known = properties[name] { return faults(value, known, at: "\(place).\(name)") }
                if let rest = schema["additionalProperties"] as? [String: Any] { return faults(value, rest, at: "\(place).\(name)") }
                return schema["additionalProperties"] as? Bool == false ? ["\(place).\(name): not documented"] : []
            }
    }

    private func string(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        guard let text = value as? String else { return ["\(place): no string"] }
        if let choices = schema["enum"] as? [String], !choices.contains(text) { return ["\(place): \(text) is none of \(choices)"] }
        if let pattern = schema["pattern"] as? String, text.range(of: pattern, options: .regularExpression) == nil {
            return ["\(place): \(text) does not fit \(pattern)"]
        }
        return []
    }

    private func integer(_ value: Any, _ schema: [String: Any], at place: String) -> [String] {
        guard let number = value as? NSNumber, !isBoolean(value), number.doubleValue == number.doubleValue.rounded() else {
            return ["\(place): no whole number"]
        }
        if let least = schema["minimum"] as? NSNumber, number.int64Value < least.int64Value { return ["\(place): \(number) is too small"] }
        if let most = schema["maximum"] as? NSNumber, number.int64Value > most.int64Value { return ["\(place): \(number) is too large"] }
        return []
    }

    private func isBoolean(_ value: Any) -> Bool { (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? (value is Bool) }
}
