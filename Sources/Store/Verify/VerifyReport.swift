/// What `verify` found.
public struct VerifyReport: Sendable, Equatable {
    /// How much was looked at, all shops together.
    public internal(set) var figures = VerifyFigures()
    /// The first row that does not hold; nil when everything adds up.
    public internal(set) var problem: VerifyProblem?

    public var isClean: Bool { problem == nil }
}

/// How far a verification has come.
public struct VerifyFigures: Sendable, Equatable {
    public internal(set) var shops = 0
    public internal(set) var tickets = 0
    public internal(set) var counters = 0
    public internal(set) var grants = 0
    public internal(set) var entries = 0
    public internal(set) var keys = 0
}

/// A row that does not hold, with both figures. Holds no personal text.
public struct VerifyProblem: Sendable, Equatable, CustomStringConvertible {
    /// The table whose row is wrong.
    public let table: String
    /// Which row: `shop 1, ticket 1042, channel email`.
    public let key: String
    /// What should hold there.
    public let rule: String
    /// What the row says.
    public let found: String
    /// What follows from the rest of the database.
    public let expected: String

    /// One line: `counter (shop 1, ticket 1042, channel email): used is the sum of its entries: found 3, expected 2`.
    public var description: String { "\(table) (\(key)): \(rule): found \(found), expected \(expected)" }
}
