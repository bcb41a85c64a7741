/// How many of a product an order line is for, exactly: 3, 1.5, -1. Six decimals; no floating point.
/// WooCommerce's quantities are integers, unless a plugin for decimal quantities is at work.
public struct Quantity: Hashable, Comparable, Sendable, CustomStringConvertible {
    public static let decimals = 6
    /// One whole unit in millionths.
    public static let unit: Int64 = 1_000_000
    /// The largest quantity that is accepted, in whole units.
    public static let wholeMax: Int64 = 1_000_000_000

    public static let zero = Quantity(millionths: 0)

    /// The quantity in millionths of a unit.
    public let millionths: Int64

    public init(millionths: Int64) { self.millionths = millionths }

    /// Whole units; nil beyond `wholeMax`.
    public init?(_ whole: Int64) {
        guard whole.magnitude <= Quantity.wholeMax.magnitude else { return nil }
        millionths = whole * Quantity.unit
    }

    /// Reads the text of a number exactly; nil when it is none, is beyond `wholeMax` or has more than six decimals.
    public init?(text: String) {
        guard let decimal = DecimalText(text, decimals: Quantity.decimals, magnitudeMax: Quantity.wholeMax * Quantity.unit),
            decimal.isExact
        else { return nil }
        millionths = decimal.scaled
    }

    public static func < (left: Quantity, right: Quantity) -> Bool { left.millionths < right.millionths }

    /// The difference; quantities stay far from the limits of the number within one order.
    public static func - (left: Quantity, right: Quantity) -> Quantity { Quantity(millionths: left.millionths &- right.millionths) }
    public static func + (left: Quantity, right: Quantity) -> Quantity { Quantity(millionths: left.millionths &+ right.millionths) }

    public var magnitude: Quantity { Quantity(millionths: abs(millionths)) }

    /// The shortest decimal text: `3`, `1.5`, `-0.25`.
    public var description: String {
        let sign = millionths < 0 ? "-" : ""
        let whole = millionths.magnitude / Quantity.unit.magnitude
        let part = String(millionths.magnitude % Quantity.unit.magnitude)
        guard part != "0" else { return "\(sign)\(whole)" }
        var digits = String(repeating: "0", count: Quantity.decimals - part.utf8.count) + part
        while digits.last == "0" { digits.removeLast() }
        return "\(sign)\(whole).\(digits)"
    }
}
