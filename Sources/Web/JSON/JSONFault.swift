/// Why a body is not the JSON that is taken here. One sentence each; none tells back what was sent.
enum JSONFault: Error, Sendable, Equatable {
    case empty
    case notUTF8
    case containsNUL
    case tooDeep
    case duplicateMember(name: String)
    /// Counted in bytes from 0.
    case unexpected(offset: Int)
    case endsEarly

    var detail: String {
        switch self {
        case .empty: "the body is empty; expected a JSON object"
        case .notUTF8: "the body is not UTF-8"
        case .containsNUL: "the body contains a NUL character"
        case .tooDeep: "the body is nested deeper than \(JSONParser.depthMax) levels"
        case .duplicateMember(let name): "the member \"\(JSONValue.shortened(name))\" occurs twice in one object"
        case .unexpected(let offset): "the body is not JSON: unexpected character at byte \(offset)"
        case .endsEarly: "the body is not JSON: it ends in the middle of a value"
        }
    }
}
