/// WooCommerce's money: strings with the shop's two decimals, counted here in cents.
enum ShopMoney {
    /// The demo shop's one tax rate, in percent.
    static let taxPercent = 22

    /// `4900` as `49.00`, `-500` as `-5.00`.
    static func text(_ cents: Int) -> String {
        let magnitude = cents.magnitude
        let rest = magnitude % 100
        return "\(cents < 0 ? "-" : "")\(magnitude / 100).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// What is given back, always with a minus, as WooCommerce writes even `-0.00`.
    static func negative(_ cents: Int) -> String { "-" + text(abs(cents)) }

    /// `59.78`, `244` or `-5.005` in cents, further decimals cut off; 0 for anything else.
    static func cents(_ text: String?) -> Int {
        guard let text else { return 0 }
        let sign = text.hasPrefix("-") ? -1 : 1
        let parts = text.drop { $0 == "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? String((parts[1] + "00").prefix(2)) : "00"
        return sign * ((Int(parts.first ?? "") ?? 0) * 100 + (Int(fraction) ?? 0))
    }

    /// Tax on a net amount, rounded half up per line.
    static func tax(_ netCents: Int) -> Int { share(netCents, taxPercent, of: 100) }

    /// `part / whole` of an amount, rounded half away from zero; 0 of nothing.
    static func share(_ cents: Int, _ part: Int, of whole: Int) -> Int {
        guard whole > 0 else { return 0 }
        let doubled = cents * part * 2
        return (doubled + (doubled < 0 ? -whole : whole)) / (2 * whole)
    }

    /// The number PHP writes for a unit price: `49`, `12.5`, `33.333333333333336`.
    static func price(_ cents: Int, per quantity: Int) -> JSONValue {
        guard quantity != 0, cents != 0 else { return .int(0) }
        let value = Double(cents) / 100 / Double(quantity)
        guard let whole = Int(exactly: value) else { return .number(String(value)) }
        return .int(whole)
    }
}
