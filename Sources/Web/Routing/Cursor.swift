import Domain
import FoundationEssentials

/// Where a list goes on: opaque to callers, the last row's number to us. A cursor of one list is refused by another.
enum Cursor {
    static func text(_ list: String, _ number: Int64) -> String {
        Data("\(list):\(number)".utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func number(_ list: String, _ query: Query) throws -> Int64? {
        guard let text = query["after"] else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        let decoded = Data(base64Encoded: padded).map { String(decoding: $0, as: UTF8.self) } ?? ""
        guard decoded.hasPrefix(list + ":"), let number = WholeText.number(decoded.dropFirst(list.count + 1)) else {
            throw query.wrong("after", "the `next` of this list's page before", text)
        }
        return number
    }
}
