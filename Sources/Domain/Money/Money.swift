/// An amount in minor units (cents, or what the currency has) and its currency.
/// There is no `+`: figures of different currencies are never added, so adding answers nil for them.
public struct Money: Hashable, Codable, Sendable {
    /// No amount that is parsed or added is further from zero than this many minor units.
    public static let minorUnitsMax: Int64 = 1_000_000_000_000

    public let minorUnits: Int64
    public let currency: Currency

    public init(minorUnits: Int64, currency: Currency) {
        self.minorUnits = minorUnits
        self.currency = currency
    }

    public static func zero(_ currency: Currency) -> Money { Money(minorUnits: 0, currency: currency) }

    /// Reads a decimal string such as `"-59.780"`: an optional sign, digits, and any number of decimals, rounded half away from zero to
    /// the currency's minor unit. Nil for anything else, and beyond `minorUnitsMax`.
    ///
    /// WooCommerce writes the shop's decimals, not the currency's (`"49.00"` yen is 49).
    public static func parse(_ text: String, currency: Currency) -> Money? {
        guard let decimal = DecimalText(text, decimals: currency.minorUnitDigits, magnitudeMax: minorUnitsMax) else { return nil }
        return Money(minorUnits: decimal.scaled, currency: currency)
    }

    /// The sum; nil when the currencies differ or the sum is beyond `minorUnitsMax`.
    public func adding(_ other: Money) -> Money? {
        let (sum, overflow) = minorUnits.addingReportingOverflow(other.minorUnits)
        guard currency == other.currency, !overflow, sum.magnitude <= Money.minorUnitsMax.magnitude else { return nil }
        return Money(minorUnits: sum, currency: currency)
    }

    /// The amount without its sign.
    public var magnitude: Money { Money(minorUnits: abs(minorUnits), currency: currency) }
}
