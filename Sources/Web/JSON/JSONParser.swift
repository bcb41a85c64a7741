/// Reads one JSON text (RFC 8259), strictly: UTF-8, no NUL, no member twice, nothing after the value, at most `depthMax` deep.
///
/// Our own because messages must name what is wrong, duplicates must be seen, and a spend must not pay for Foundation's decoder.
struct JSONParser {
    static let depthMax = 16

    let bytes: [UInt8]
    var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        if bytes.contains(0) { throw .containsNUL }
        if String(validating: bytes, as: UTF8.self) == nil { throw .notUTF8 }
        var parser = JSONParser(bytes)
        parser.skipSpace()
        if parser.position == bytes.count { throw .empty }
        let value = try parser.value()
        parser.skipSpace()
        if parser.position < bytes.count { throw .unexpected(offset: parser.position) }
        return value
    }

    private mutating func value() throws(JSONFault) -> JSONValue {
        switch try current() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object() throws(JSONFault) -> JSONValue {
        try enter()
        var members: [JSONValue.Member] = []
        if try opens(closing: UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard try current() == UInt8(ascii: "\"") else { throw .unexpected(offset: position) }
            let name = try string()
            if members.contains(where: { $0.name == name }) { throw .duplicateMember(name: name) }
            skipSpace()
            guard try current() == UInt8(ascii: ":") else { throw .unexpected(offset: position) }
            position += 1
            skipSpace()
            members.append(JSONValue.Member(name: name, value: try value()))
            if try closes(UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func array() throws(JSONFault) -> JSONValue {
        try enter()
        var values: [JSONValue] = []
        if try opens(closing: UInt8(ascii: "]")) { return .array(values) }
        while true {
            skipSpace()
            values.append(try value())
            if try closes(UInt8(ascii: "]")) { return .array(values) }
        }
    }

    private mutating func enter() throws(JSONFault) {
        depth += 1
        if depth > JSONParser.depthMax { throw .tooDeep }
        position += 1
    }

    /// True when the list or object ends right after its beginning.
    private mutating func opens(closing: UInt8) throws(JSONFault) -> Bool {
        skipSpace()
        guard try current() == closing else { return false }
        position += 1
        depth -= 1
        return true
    }

    /// After an element: true at the end, false after a comma.
    private mutating func closes(_ closing: UInt8) throws(JSONFault) -> Bool {
        skipSpace()
        let byte = try current()
        guard byte == closing || byte == UInt8(ascii: ",") else { throw .unexpected(offset: position) }
        position += 1
        if byte == closing { depth -= 1 }
        return byte == closing
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        for byte in word.description.utf8 {
            guard try current() == byte else { throw .unexpected(offset: position) }
            position += 1
        }
        return value
    }

    func current() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw .endsEarly }
        return bytes[position]
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }
}
