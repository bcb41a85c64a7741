/// What is wrong with one parameter, in WordPress's words.
struct ParameterFault: Sendable, Equatable {
    let name: String
    let code: String
    let message: String

    static func type(_ name: String) -> ParameterFault {
        ParameterFault(name: name, code: "rest_invalid_type", message: "\(name) is not of type integer.")
    }

    static func bounds(_ name: String, _ message: String) -> ParameterFault {
        ParameterFault(name: name, code: "rest_out_of_bounds", message: message)
    }

    static func notOneOf(_ name: String, label: String? = nil, _ allowed: [String]) -> ParameterFault {
        let list = allowed.dropLast().joined(separator: ", ") + (allowed.count > 2 ? ", and " : " and ") + (allowed.last ?? "")
        return ParameterFault(name: name, code: "rest_not_in_enum", message: "\(label ?? name) is not one of \(list).")
    }

    static func date(_ name: String) -> ParameterFault {
        ParameterFault(name: name, code: "rest_invalid_date", message: "Invalid date.")
    }
}
