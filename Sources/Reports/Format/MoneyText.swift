import Domain

/// Amounts as decimal text, exact: integers all the way.
enum MoneyText {
    /// `-12.50`, `1250` of a currency without decimals, `0.005` of one with three.
    static func major(_ money: Money, decimalMark: Character = ".") -> String {
        var bytes: [UInt8] = []
        append(money, decimalMark: decimalMark.asciiValue ?? UInt8(ascii: "."), to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    static func append(_ money: Money, decimalMark: UInt8, to bytes: inout [UInt8]) {
        if money.minorUnits < 0 { bytes.append(UInt8(ascii: "-")) }
        let digits = Array(String(money.minorUnits.magnitude).utf8)
        let decimals = money.currency.minorUnitDigits
        let whole = digits.count - decimals
        if whole <= 0 { bytes.append(UInt8(ascii: "0")) } else { bytes.append(contentsOf: digits[..<whole]) }
        guard decimals > 0 else { return }
        bytes.append(decimalMark)
        for _ in whole..<max(whole, 0) { bytes.append(UInt8(ascii: "0")) }
        bytes.append(contentsOf: digits[max(0, whole)...])
    }
}
