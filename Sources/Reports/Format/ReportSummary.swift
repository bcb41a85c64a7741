/// What stands below the rows: sums over all of them, and what was checked.
public struct ReportSummary: Sendable, Hashable {
    /// Sums, one for each currency or group; never over different currencies.
    public var footings: [ReportFooting]
    public var checks: [ReportCheck]

    public static let none = ReportSummary()

    public init(footings: [ReportFooting] = [], checks: [ReportCheck] = []) {
        self.footings = footings
        self.checks = checks
    }

    /// Whether every check came out at zero.
    public var isBalanced: Bool { checks.allSatisfy(\.isZero) }
}

/// A row of sums: a cell for each column of the table.
public struct ReportFooting: Sendable, Hashable {
    public let label: String
    public let cells: [ReportCell]

    public init(_ label: String, _ cells: [ReportCell]) {
        self.label = label
        self.cells = cells
    }
}

/// Two ways to the same figure, and what lies between them: `opening + sold - used - expired - refunded - closing`, which is zero.
public struct ReportCheck: Sendable, Hashable {
    public let label: String
    /// An integer or money.
    public let difference: ReportCell

    public init(_ label: String, difference: ReportCell) {
        self.label = label
        self.difference = difference
    }

    public var isZero: Bool { difference.isZero }
}

/// What a report was made from: a filter, a period, an instant.
public struct ReportParameter: Sendable, Hashable {
    public let name: String
    public let value: ReportCell

    public init(_ name: String, _ value: ReportCell) {
        self.name = name
        self.value = value
    }
}

/// What was written.
public struct ReportOutcome: Sendable, Hashable {
    public let rows: Int
    public let summary: ReportSummary
}
