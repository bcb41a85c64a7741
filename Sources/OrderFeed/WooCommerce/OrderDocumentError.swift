/// Why a document of the shop was not understood. Tells the field and what was found there, never a whole document.
public enum OrderDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Not JSON, or cut off.
    case notJSON
    /// JSON, but of another kind than was asked for.
    case wrongKind(expected: String)
    /// The shop's own error document, `{"code": ..., "message": ..., "data": {"status": ...}}`; also inside signed deliveries.
    case shopError(code: String, status: Int?)
    /// `line_items[2].quantity`: expected a number, found "abc".
    case badField(path: String, expected: String, found: String)

    /// The code of an order that the shop no longer has, or had not when it was asked.
    public static let orderGoneCode = "woocommerce_rest_shop_order_invalid_id"

    public var description: String {
        switch self {
        case .notJSON: "not JSON, or cut off"
        case .wrongKind(let expected): "expected \(expected)"
        case .shopError(let code, let status): "the shop answered \(code)" + (status.map { " (\($0))" } ?? "")
        case .badField(let path, let expected, let found): "\(path): expected \(expected), found \(found)"
        }
    }
}

extension OrderDocumentError {
    /// From the JSON decoder's error, whose path becomes `line_items[2].quantity`.
    init(_ error: any Error) {
        switch error {
        case let error as OrderDocumentError: self = error
        case DecodingError.keyNotFound(let key, let context):
            self = .badField(path: OrderDocumentError.path(context.codingPath + [key]), expected: "a value", found: "nothing")
        case DecodingError.valueNotFound(_, let context):
            self = .badField(path: OrderDocumentError.path(context.codingPath), expected: "a value", found: "null")
        case DecodingError.typeMismatch(let type, let context):
            self = .badField(
                path: OrderDocumentError.path(context.codingPath),
                expected: type is any Collection.Type ? "a list or an object" : "an object",
                found: "something else")
        default: self = .notJSON
        }
    }

    static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce(into: "") { path, key in
            if let index = key.intValue {
                path += "[\(index)]"
            } else {
                path += (path.isEmpty ? "" : ".") + key.stringValue
            }
        }
    }
}
