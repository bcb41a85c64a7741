/// Decimal digits read exactly into a scaled integer, without floating point: the one reader behind `Money` and `Quantity`.
struct DecimalText {
    /// The longest text that is looked at, in bytes.
    static let lengthMax = 64

    /// The value times ten to the power of the asked decimals, rounded half away from zero.
    private(set) var scaled: Int64 = 0
    /// True when nothing was rounded off.
    private(set) var isExact = true

    /// Nil when the text is not an optional sign and digits with at most one point among them, or when it is out of bounds.
    init?(_ text: String, decimals: Int, magnitudeMax: Int64) {
        let bytes = text.utf8
        guard bytes.count <= DecimalText.lengthMax else { return nil }
        let isNegative = bytes.first == UInt8(ascii: "-")
        var digitsSeen = 0
        var decimalsSeen: Int?
        for byte in bytes.dropFirst(isNegative || bytes.first == UInt8(ascii: "+") ? 1 : 0) {
            if byte == UInt8(ascii: "."), decimalsSeen == nil {
                decimalsSeen = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digitsSeen += 1
            guard append(Int64(byte - UInt8(ascii: "0")), decimalsBefore: decimalsSeen, decimals: decimals) else { return nil }
            decimalsSeen = decimalsSeen.map { $0 + 1 }
        }
        for missing in min(decimalsSeen ?? 0, decimals)..<decimals {
            guard append(0, decimalsBefore: missing, decimals: decimals) else { return nil }
        }
        guard digitsSeen > 0, scaled <= magnitudeMax else { return nil }
        if isNegative { scaled = -scaled }
    }

    /// False when the number no longer fits. A digit beyond the asked decimals only rounds, and only the first of them.
    private mutating func append(_ digit: Int64, decimalsBefore: Int?, decimals: Int) -> Bool {
        if let decimalsBefore, decimalsBefore >= decimals {
            if digit != 0 { isExact = false }
            if decimalsBefore == decimals, digit >= 5 { scaled += 1 }
            return true
        }
        let (shifted, overflow) = scaled.multipliedReportingOverflow(by: 10)
        guard !overflow, shifted < Int64.max - 10 else { return false }
        scaled = shifted + digit
        return true
    }
}
