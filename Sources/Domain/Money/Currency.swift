/// An ISO 4217 currency code and how many digits its minor unit has.
/// Codes that the table does not know are accepted with two digits. Codable as the bare code.
public struct Currency: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    /// Active ISO 4217 codes whose minor unit has not two digits (list one of the maintenance agency, SIX).
    private static let digitsByCode: [String: Int] = [
        "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0, "PYG": 0, "RWF": 0, "UGX": 0, "UYI": 0,
        "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
        "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
        "CLF": 4, "UYW": 4,
    ]

    public let rawValue: String

    /// Nil when the code is not three upper-case ASCII letters.
    public init?(rawValue: String) {
        guard rawValue.utf8.count == 3, rawValue.utf8.allSatisfy({ $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }) else { return nil }
        self.rawValue = rawValue
    }

    /// Nil when the code is not three upper-case ASCII letters.
    public init?(_ code: String) { self.init(rawValue: code) }

    public var code: String { rawValue }
    public var description: String { rawValue }
    public var minorUnitDigits: Int { Currency.digitsByCode[rawValue] ?? 2 }
}
