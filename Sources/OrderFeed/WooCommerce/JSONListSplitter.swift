/// Splits the top-level list of a JSON text into its elements, byte for byte, so that one bad element loses none of the others and each
/// can be kept as it came. Looks only at brackets and strings; whoever reads an element finds out whether it is JSON.
struct JSONListSplitter {
    /// Deeper nesting is not a document of any shop.
    static let depthMax = 128

    /// The elements without the space around them; nil when the text is not one complete list.
    static func split(_ body: [UInt8]) -> [ArraySlice<UInt8>]? {
        var splitter = JSONListSplitter(body: body)
        return splitter.split()
    }

    private let body: [UInt8]
    private var position = 0

    private init(body: [UInt8]) {
        self.body = body
        if body.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    private mutating func split() -> [ArraySlice<UInt8>]? {
        guard next() == UInt8(ascii: "[") else { return nil }
        var elements: [ArraySlice<UInt8>] = []
        skipSpace()
        if position < body.count, body[position] == UInt8(ascii: "]") {
            position += 1
            return isAtEnd ? elements : nil
        }
        while true {
            guard let element = element(), !element.isEmpty else { return nil }
            elements.append(element)
            switch next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "]"): return isAtEnd ? elements : nil
            default: return nil
            }
        }
    }

    /// Up to the comma or bracket that ends the element, which stays unread.
    private mutating func element() -> ArraySlice<UInt8>? {
        skipSpace()
        let start = position
        var end = start
        var depth = 0
        while position < body.count {
            switch body[position] {
            case UInt8(ascii: "\""): guard skipString() else { return nil }
            case UInt8(ascii: ",") where depth == 0, UInt8(ascii: "]") where depth == 0: return body[start..<end]
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            guard (0...JSONListSplitter.depthMax).contains(depth) else { return nil }
            if !JSONListSplitter.isSpace(body[position]) { end = position + 1 }
            position += 1
        }
        return nil
    }

    /// From the opening quote to the closing one, which is left as the current byte.
    private mutating func skipString() -> Bool {
        position += 1
        while position < body.count {
            if body[position] == UInt8(ascii: "\"") { return true }
            position += body[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return false
    }

    private mutating func next() -> UInt8? {
        skipSpace()
        guard position < body.count else { return nil }
        position += 1
        return body[position - 1]
    }

    private mutating func skipSpace() {
        while position < body.count, JSONListSplitter.isSpace(body[position]) { position += 1 }
    }

    private var isAtEnd: Bool { body[min(position, body.count)...].allSatisfy(JSONListSplitter.isSpace) }
    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}
