/// Reads the rows of `COPY ... TO STDOUT (FORMAT binary)` out of the pieces that `Pool.copyOut` hands over, each of whole rows (PostgreSQL's documentation,
/// "COPY, Binary Format"). Fields are read in the order of the columns, each once; what is read as another type than it has, throws.
public struct BinaryRows: Sendable {
    private static let signature = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    /// PostgreSQL counts from 2000-01-01.
    private static let epochMicroseconds: Int64 = 946_684_800_000_000

    private let bytes: [UInt8]
    private var place = 0
    private var fieldsLeft = 0

    /// The first piece of a stream begins with the format's signature.
    public init(_ piece: [UInt8], isFirst: Bool) throws {
        bytes = piece
        guard isFirst else { return }
        guard piece.starts(with: BinaryRows.signature) else { throw PostgresError(.protocol, "a COPY is not in the binary format") }
        place = BinaryRows.signature.count
        _ = try number(Int32.self)                  // flags: none is known
        place += Int(try number(Int32.self))        // an extension, to be skipped
    }

    /// Goes to the next row; false after the last one of the piece.
    public mutating func nextRow() throws -> Bool {
        guard fieldsLeft == 0 else { throw PostgresError(.decoding, "\(fieldsLeft) columns of a row were not read") }
        guard place < bytes.count else { return false }
        fieldsLeft = Int(try number(Int16.self))
        guard fieldsLeft >= 0 else {                // the end of the stream
            fieldsLeft = 0
            return false
        }
        return true
    }

    /// A `bigint`; nil for NULL.
    public mutating func int64() throws -> Int64? { try value(Int64.self) }

    /// An `integer`; nil for NULL.
    public mutating func int32() throws -> Int32? { try value(Int32.self) }

    /// A `timestamptz` in microseconds since 1970; nil for NULL. The infinities stay what they are: the smallest and the largest number.
    public mutating func microseconds() throws -> Int64? {
        guard let micros = try value(Int64.self) else { return nil }
        return micros == .max || micros == .min ? micros : micros + BinaryRows.epochMicroseconds
    }

    /// Where in the piece the UTF-8 of a `text` is; nil for NULL.
    public mutating func text() throws -> Range<Int>? {
        let length = try length()
        guard length >= 0 else { return nil }
        guard place + length <= bytes.count else { throw BinaryRows.isCut }
        defer { place += length }
        return place..<place + length
    }

    /// Passes over the rest of the row.
    public mutating func skipRow() throws {
        while fieldsLeft > 0 { place += max(0, try length()) }
        guard place <= bytes.count else { throw BinaryRows.isCut }
    }

    @inline(__always)
    private mutating func value<Number: FixedWidthInteger>(_: Number.Type) throws -> Number? {
        let length = try length()
        guard length >= 0 else { return nil }
        guard length == MemoryLayout<Number>.size else {
            throw PostgresError(.decoding, "a column has \(length) bytes, and was read as one of \(MemoryLayout<Number>.size)")
        }
        return try number(Number.self)
    }

    @inline(__always)
    private mutating func length() throws -> Int {
        guard fieldsLeft > 0 else { throw PostgresError(.decoding, "a row has no more columns") }
        fieldsLeft -= 1
        return Int(try number(Int32.self))
    }

    @inline(__always)
    private mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws -> Number {
        let size = MemoryLayout<Number>.size
        guard place + size <= bytes.count else { throw BinaryRows.isCut }
        // Within the bytes, as was just seen; any bytes are a number.
        let number = unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: place, as: Number.self) }
        place += size
        return Number(bigEndian: number)
    }

    private static var isCut: PostgresError { PostgresError(.protocol, "a piece of a COPY ends within a row") }
}
