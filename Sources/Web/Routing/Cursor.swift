import Domain
import FoundationEssentials

/// Where a list goes on: opaque to callers, the last row's number to us. A cursor of one list is refused by another.
enum Cursor {
    static func text(_ list: String, _ number: Int64) -> String {
        encoded("\(list):\(number)")
    }

    static func number(_ list: String, _ query: Query) throws -> Int64? {
        guard let text = query["after"] else { return nil }
        guard let number = number(list, text) else { throw query.wrong("after", "the `next` of this list's page before", text) }
        return number
    }

    /// Nil for what is no cursor of this list.
    static func number(_ list: String, _ text: String) -> Int64? {
        guard let decoded = decoded(text), decoded.hasPrefix(list + ":") else { return nil }
        return WholeText.number(decoded.dropFirst(list.count + 1))
    }

    /// Base64url without padding (RFC 4648, 5).
    static func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func decoded(_ text: String) -> String? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        return Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) }
    }
}
