extension JSONParser {
    /// A string with its escapes undone. `\u0000` counts as a NUL character, and half of a surrogate pair as no UTF-8.
    mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while true {
            let byte = try current()
            if byte == UInt8(ascii: "\"") {
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            if byte < 0x20 { throw .unexpected(offset: position) }
            position += 1
        }
    }

    private mutating func escapedString(from start: Int) throws(JSONFault) -> String {
        var text = Array(bytes[start..<position])
        while true {
            let byte = try current()
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(&text)
            case 0..<0x20: throw .unexpected(offset: position - 1)
            default: text.append(byte)
            }
        }
    }

    private mutating func escape(_ text: inout [UInt8]) throws(JSONFault) {
        let byte = try current()
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try scalar())).utf8)
        default: throw .unexpected(offset: position - 1)
        }
    }

    private mutating func scalar() throws(JSONFault) -> Unicode.Scalar {
        let first = try codeUnit()
        if first == 0 { throw .containsNUL }
        guard (0xD800..<0xDC00).contains(first) else {
            guard let scalar = Unicode.Scalar(first) else { throw .notUTF8 }
            return scalar
        }
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else { throw .notUTF8 }
        position += 2
        let second = try codeUnit()
        guard (0xDC00..<0xE000).contains(second), let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) else {
            throw .notUTF8
        }
        return scalar
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(try current())).hexDigitValue else { throw .unexpected(offset: position) }
            unit = unit << 4 + UInt32(digit)
            position += 1
        }
        return unit
    }

    mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        if try current() == UInt8(ascii: "-") { position += 1 }
        if try current() == UInt8(ascii: "0") { position += 1 } else { try digits() }
        let wholeEnd = position
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(try current()) { position += 1 }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if position == wholeEnd { return Int64(text).map(JSONValue.integer) ?? .number(text) }
        // Beyond 2^53 a double cannot tell neighbours apart, so such numbers stay as written.
        if let double = Double(text), double.magnitude <= 0x1p53, let whole = Int64(exactly: double) { return .integer(whole) }
        return .number(text)
    }

    private mutating func digits() throws(JSONFault) {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(try current()) else { throw .unexpected(offset: position) }
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
    }
}
