/// Writes JSON text field by field, in the order given. Fast because answers of spends are written on the hot path.
public struct JSONWriter: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init(capacity: Int = 1024) { bytes.reserveCapacity(capacity) }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// An object; `fields` writes its members with `field`.
    public mutating func object(_ fields: (inout JSONWriter) -> Void) { nest(UInt8(ascii: "{"), UInt8(ascii: "}"), fields) }

    /// An array; `elements` writes its values.
    public mutating func array(_ elements: (inout JSONWriter) -> Void) { nest(UInt8(ascii: "["), UInt8(ascii: "]"), elements) }

    public mutating func array<T>(_ values: some Sequence<T>, _ write: (inout JSONWriter, T) -> Void) {
        array { json in for value in values { write(&json, value) } }
    }

    public mutating func field(_ name: String, _ write: (inout JSONWriter) -> Void) {
        key(name)
        write(&self)
    }

    public mutating func field(_ name: String, _ value: String?) { key(name); if let value { string(value) } else { null() } }
    public mutating func field(_ name: String, _ value: Int64?) { key(name); if let value { number(value) } else { null() } }
    public mutating func field(_ name: String, _ value: Int) { key(name); number(Int64(value)) }
    public mutating func field(_ name: String, _ value: Bool) { key(name); raw(value ? "true" : "false") }

    /// A member whose value is JSON text already.
    public mutating func field(_ name: String, json: String) { key(name); raw(json) }

    public mutating func number(_ value: Int64) { separate(); bytes.append(contentsOf: String(value).utf8) }
    public mutating func null() { raw("null") }

    /// JSON text as it is.
    public mutating func raw(_ json: String) { separate(); bytes.append(contentsOf: json.utf8) }

    public mutating func string(_ value: String) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { bytes.append(byte) } else { bytes += JSONWriter.escape(byte) }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func key(_ name: String) {
        string(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func nest(_ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open)
        needsComma = false
        content(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    /// A byte of a string's UTF-8 as JSON wants it.
    public static func escape(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): [UInt8(ascii: "\\"), byte]
        case 0x0A: Array("\\n".utf8)
        case 0x0D: Array("\\r".utf8)
        case 0x09: Array("\\t".utf8)
        case 0x00..<0x20: Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
        default: [byte]
        }
    }

    private static let hex = Array("0123456789abcdef".utf8)
}
