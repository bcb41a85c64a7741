import Foundation

@testable import DemoShop

/// What the recorded shop answered, copied from `woocommerce/rest`.
enum Recording {
    static func bytes(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recordings")
        return Array(try Data(contentsOf: folder.appending(path: name)))
    }

    static func value(_ name: String) throws -> JSONValue { try JSONReader.value(bytes(name)) }

    static func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }
}

extension JSONValue {
    /// The names and kinds of a document, in order, without its values: what has to be the same in every order.
    var shape: String {
        switch self {
        case .null: "-"
        case .bool: "bool"
        case .number: "number"
        case .string: "text"
        case .array(let items): "[" + (items.first?.shape ?? "") + "]"
        case .object(let members): "{" + members.map { "\($0.name):\($0.value.shape)" }.joined(separator: ",") + "}"
        }
    }
}
