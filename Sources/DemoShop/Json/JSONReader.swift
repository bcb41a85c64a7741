/// Reads a JSON text into `JSONValue` without touching numbers or the order of keys.
struct JSONReader {
    /// Deeper nesting is refused.
    static let depthMax = 64
    /// Longer texts are refused; the largest recorded order has 43 KB.
    static let bytesMax = 8 * 1024 * 1024

    private let bytes: [UInt8]
    private var place = 0

    /// The document; throws `JSONFault` when it is not one, too deep or too long.
    static func value(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        guard bytes.count <= bytesMax else { throw JSONFault(place: bytesMax) }
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.place == bytes.count else { throw reader.fault }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var fault: JSONFault { JSONFault(place: place) }
    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth < JSONReader.depthMax else { throw fault }
        skipSpace()
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        var members: [JSONMember] = []
        place += 1
        if take("}") { return .object([]) }
        repeat {
            skipSpace()
            let name = try string()
            guard take(":") else { throw fault }
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
        } while take(",")
        guard take("}") else { throw fault }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        var items: [JSONValue] = []
        place += 1
        if take("]") { return .array([]) }
        repeat { items.append(try value(depth: depth + 1)) } while take(",")
        guard take("]") else { throw fault }
        return .array(items)
    }

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = place
        while let byte = next, JSONReader.numberBytes.contains(byte) { place += 1 }
        let text = String(decoding: bytes[start..<place], as: UTF8.self)
        guard Double(text) != nil else { throw fault }
        return .number(text)
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[place...].starts(with: text.utf8) else { throw fault }
        place += text.utf8.count
        return value
    }

    private mutating func string() throws(JSONFault) -> String {
        guard next == UInt8(ascii: "\"") else { throw fault }
        place += 1
        var units: [UInt16] = []
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                place += 1
                units.append(try escaped())
            } else {
                let start = place
                while let plain = next, plain != UInt8(ascii: "\""), plain != UInt8(ascii: "\\") { place += 1 }
                units.append(contentsOf: String(decoding: bytes[start..<place], as: UTF8.self).utf16)
            }
        }
        guard take("\"") else { throw fault }
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func escaped() throws(JSONFault) -> UInt16 {
        guard let byte = next else { throw fault }
        place += 1
        switch byte {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            let digits = String(decoding: bytes[place..<min(place + 4, bytes.count)], as: UTF8.self)
            guard digits.utf8.count == 4, let unit = UInt16(digits, radix: 16) else { throw fault }
            place += 4
            return unit
        default: return UInt16(byte)
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipSpace()
        guard next == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { place += 1 }
    }

    private static let numberBytes = Set("+-.0123456789eE".utf8)
}
