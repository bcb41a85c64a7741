import Domain

/// The cells and lines of CSV, RFC 4180.
struct CSVText: Sendable {
    private static let quote = UInt8(ascii: "\"")
    /// Signs that some spreadsheets fold to those of ASCII: the full-width `＝ ＋ － ＠`.
    private static let wideStarts: [[UInt8]] = ["＝", "＋", "－", "＠"].map { Array($0.utf8) }

    private let separator: UInt8
    private let decimalMark: UInt8
    private(set) var bytes: [UInt8] = []
    private var isLineStarted = false

    init(_ options: CSVOptions) {
        separator = options.separator == .comma ? UInt8(ascii: ",") : UInt8(ascii: ";")
        decimalMark = options.decimalMark == .point ? UInt8(ascii: ".") : UInt8(ascii: ",")
        if options.hasByteOrderMark { bytes += [0xEF, 0xBB, 0xBF] }
    }

    mutating func take() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    mutating func endLine() {
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
        isLineStarted = false
    }

    mutating func empty() { separate() }

    /// Text that somebody wrote. What a spreadsheet would run gets an apostrophe in front (OWASP, "CSV Injection").
    mutating func text(_ text: String) {
        separate()
        let utf8 = text.utf8
        let isRun = CSVText.isRun(utf8.span)
        guard utf8.contains(where: { $0 == CSVText.quote || $0 == 0x2C || $0 == 0x3B || $0 == 0x09 || $0 == 0x0A || $0 == 0x0D }) else {
            if isRun { bytes.append(UInt8(ascii: "'")) }
            return bytes.append(contentsOf: utf8)
        }
        bytes.append(CSVText.quote)
        if isRun { bytes.append(UInt8(ascii: "'")) }
        for byte in utf8 {
            if byte == CSVText.quote { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(CSVText.quote)
    }

    /// Words of ours that hold nothing to quote: numbers, dates, codes. A minus in front of a number is a minus.
    mutating func plain(_ text: String) {
        separate()
        bytes.append(contentsOf: text.utf8)
    }

    /// Major units with the currency's own decimals, exact, without separators of thousands.
    mutating func money(_ money: Money) {
        if decimalMark == separator {
            return text(MoneyText.major(money, decimalMark: ","))
        }
        separate()
        MoneyText.append(money, decimalMark: decimalMark, to: &bytes)
    }

    private mutating func separate() {
        if isLineStarted { bytes.append(separator) }
        isLineStarted = true
    }

    /// Whether a spreadsheet would run it.
    static func isRun(_ text: borrowing Span<UInt8>) -> Bool {
        guard !text.isEmpty else { return false }
        switch text[0] {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0A, 0x0D: return true
        case 0xEF:
            for start in wideStarts where text.count >= start.count && start.indices.allSatisfy({ text[$0] == start[$0] }) { return true }
            return false
        default: return false
        }
    }
}
