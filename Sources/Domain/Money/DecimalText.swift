/// Decimal digits read exactly into a scaled integer, without floating point: the one reader behind `Money` and `Quantity`.
struct DecimalText {
    /// The value times ten to the power of the asked decimals, rounded half away from zero.
    let scaled: Int64
    /// True when nothing was rounded off.
    let isExact: Bool

    /// The longest text that is looked at, in bytes.
    static let lengthMax = 64

    /// Nil when the text is not an optional sign, at least one digit, and optionally a point with digits, or when it is out of bounds.
    init?(_ text: String, decimals: Int, magnitudeMax: Int64) {
        var bytes = Substring(text).utf8
        guard bytes.count <= DecimalText.lengthMax else { return nil }
        let isNegative = bytes.first == UInt8(ascii: "-")
        if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }

        let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let whole = parts.first ?? bytes
        let fraction = parts.count == 2 ? parts[1] : Substring().utf8
        guard !whole.isEmpty || !fraction.isEmpty, (whole + fraction).allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }

        var magnitude: Int64 = 0
        let kept = fraction.prefix(decimals)
        for digit in Array(whole) + Array(kept) + Array(repeating: 0x30, count: decimals - kept.count) {
            let (shifted, overflow) = magnitude.multipliedReportingOverflow(by: 10)
            guard !overflow, shifted <= Int64.max - 10 else { return nil }
            magnitude = shifted + Int64(digit - 0x30)
        }
        let rest = fraction.dropFirst(decimals)
        if let next = rest.first, next >= UInt8(ascii: "5") { magnitude += 1 }
        guard magnitude <= magnitudeMax else { return nil }
        scaled = isNegative ? -magnitude : magnitude
        isExact = rest.allSatisfy { $0 == 0x30 }
    }
}
