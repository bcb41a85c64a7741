/// The members of a JSON object with the bytes of their values as they came. Like `JSONListSplitter` it looks only at brackets and strings.
struct JSONObjectMembers {
    struct Member {
        /// Without its quotes; escapes stay as written.
        let name: String
        let value: Range<Int>
    }

    private let body: [UInt8]
    private var position = 0

    /// Nil when the text is not one complete object.
    static func split(_ body: [UInt8]) -> [Member]? {
        var members = JSONObjectMembers(body: body)
        return members.split()
    }

    private init(body: [UInt8]) { self.body = body }

    private mutating func split() -> [Member]? {
        var members: [Member] = []
        guard next() == UInt8(ascii: "{") else { return nil }
        skipSpace()
        if peek == UInt8(ascii: "}") { return members }
        while true {
            skipSpace()
            let start = position
            guard peek == UInt8(ascii: "\""), skipString() else { return nil }
            let name = String(decoding: body[(start + 1)..<(position - 1)], as: UTF8.self)
            guard next() == UInt8(ascii: ":"), let value = value() else { return nil }
            members.append(Member(name: name, value: value))
            switch next() {
            case UInt8(ascii: ","): continue
            case UInt8(ascii: "}"): return members
            default: return nil
            }
        }
    }

    private mutating func value() -> Range<Int>? {
        skipSpace()
        let start = position
        var depth = 0
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                guard skipString() else { return nil }
                continue
            case UInt8(ascii: ",") where depth == 0, UInt8(ascii: "}") where depth == 0:
                return start < position ? start..<position : nil
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
            guard (0...JSONListSplitter.depthMax).contains(depth) else { return nil }
            position += 1
        }
        return nil
    }

    /// From the opening quote to behind the closing one.
    private mutating func skipString() -> Bool {
        position += 1
        while let byte = peek {
            position += byte == UInt8(ascii: "\\") ? 2 : 1
            if byte == UInt8(ascii: "\"") { return true }
        }
        return false
    }

    private mutating func next() -> UInt8? {
        skipSpace()
        defer { position += 1 }
        return peek
    }

    private var peek: UInt8? { position < body.count ? body[position] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }
}
