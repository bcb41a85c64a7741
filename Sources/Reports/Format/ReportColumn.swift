/// A column of a report: what it is called in every format, and what its cells hold.
public struct ReportColumn: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        case text
        case integer
        /// Amounts in the currency that the row's `currency` column names. JSON has them in minor units, under the name and `_minor`.
        case money
        /// An ISO 4217 code. A table has one such column at most.
        case currency
        case day
        case instant
        case flag
    }

    /// In snake case, as the heading of CSV and the key of JSON.
    public let name: String
    public let kind: Kind

    public init(_ name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }

    var jsonName: String { kind == .money ? name + "_minor" : name }
}
