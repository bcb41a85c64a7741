/// Ends the lines of CSV with CR LF, as RFC 4180 wants it; line breaks within quotes stay as they are. Works on pieces cut anywhere.
struct CSVLines {
    private var isQuoted = false

    /// A quoted cell doubles its quotes, so each one flips the state and two leave it as it was.
    mutating func ended(_ piece: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(piece.count + piece.count / 64 + 16)
        for byte in piece {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == UInt8(ascii: "\n"), !isQuoted { bytes.append(UInt8(ascii: "\r")) }
            bytes.append(byte)
        }
        return bytes
    }
}
