/// A number of credits that cannot be negative: 0 to 1,000,000. Codable as the bare number; decoding checks the range.
public struct CreditCount: Hashable, Comparable, Codable, Sendable, CustomStringConvertible {
    public static let valueMax: Int64 = 1_000_000
    public static let zero = CreditCount(checked: 0)
    public static let one = CreditCount(checked: 1)
    public static let maximum = CreditCount(checked: valueMax)

    public let value: Int64

    /// Nil when the number is negative or above `valueMax`.
    public init?(_ value: Int64) {
        guard (0...CreditCount.valueMax).contains(value) else { return nil }
        self.value = value
    }

    private init(checked: Int64) { value = checked }

    public init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Int64.self)
        guard let count = CreditCount(number) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "expected 0 to \(CreditCount.valueMax) credits, found \(number)"))
        }
        self = count
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    public static func < (left: CreditCount, right: CreditCount) -> Bool { left.value < right.value }
    public var description: String { String(value) }
}
