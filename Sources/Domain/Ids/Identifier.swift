/// A number that names one row of one kind, so that a ticket can never be passed where a customer is meant.
/// Codable as the bare number; ordered as the number is.
public protocol Identifier: RawRepresentable, Hashable, Comparable, Codable, Sendable, CustomStringConvertible
where RawValue == Int64 {
    init(rawValue: Int64)
}

extension Identifier {
    public init(_ number: Int64) { self.init(rawValue: number) }
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    public var description: String { String(rawValue) }
}
