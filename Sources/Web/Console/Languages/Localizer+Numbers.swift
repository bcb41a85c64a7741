import Domain

/// Numbers as each language writes them (Unicode CLDR 44, `numbers`).
extension Localizer {
    private static let noBreak = "\u{A0}"

    private var group: String {
        switch language {
        case .en: ","
        case .sl: "."
        case .et, .pl, .ru: Localizer.noBreak
        }
    }

    private var point: String { language == .en ? "." : "," }

    /// Digits before the first group: Estonian and Polish leave four together.
    private var groupedFrom: Int { language == .et || language == .pl ? 5 : 4 }

    func number(_ number: Int64) -> String {
        let digits = String(number.magnitude)
        return (number < 0 ? "\u{2212}" : "") + (digits.count >= groupedFrom ? grouped(digits) : digits)
    }

    func number(_ number: Int) -> String { self.number(Int64(number)) }

    private func grouped(_ digits: String) -> String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text += group }
            text.append(digit)
        }
        return text
    }

    /// Of hundred, whole.
    func percent(_ number: Int) -> String {
        self.number(Int64(number)) + (language == .sl || language == .ru ? Localizer.noBreak + "%" : "%")
    }

    /// Minor units with the currency's own number of digits.
    func money(_ money: Money) -> String {
        let digits = money.currency.minorUnitDigits
        let plain = String(money.minorUnits.magnitude)
        let padded = String(repeating: "0", count: max(0, digits + 1 - plain.count)) + plain
        let whole = String(padded.dropLast(digits))
        let amount = (whole.count >= groupedFrom ? grouped(whole) : whole) + (digits > 0 ? point + padded.suffix(digits) : "")
        let sign = money.minorUnits < 0 ? "\u{2212}" : ""
        let symbol = Localizer.symbols[money.currency.code] ?? money.currency.code
        if language != .en { return sign + amount + Localizer.noBreak + symbol }
        return sign + symbol + (symbol.count > 1 ? Localizer.noBreak : "") + amount
    }

    /// For the axis of a chart: major units alone where the amount is whole, in full else.
    func money(rounded minorUnits: Int64, currency: Currency) -> String {
        var unit: Int64 = 1
        for _ in 0..<currency.minorUnitDigits { unit *= 10 }
        return minorUnits.isMultiple(of: unit) ? number(minorUnits / unit) : money(Money(minorUnits: minorUnits, currency: currency))
    }

    private static let symbols = ["EUR": "€", "USD": "$", "GBP": "£", "PLN": "zł", "RUB": "₽"]

    func channel(_ channel: Channel) -> String {
        TextFamilies.channels.contains(channel) ? text(family: "channel", channel.rawValue) : channel.rawValue
    }

    func role(_ role: Role) -> String { text(family: "role", role.rawValue) }
}
