import Domain
import FoundationEssentials

/// A line of a customer's statement, as a bank writes it: what was there when the period began, or what changed; and what is there after it.
public struct StatementRow: Sendable, Hashable {
    /// The kind of a line that says what was there when the period began.
    public static let opening = "opening"

    public let at: Date
    public let day: CivilDay
    /// Nil where the period opens.
    public let entry: EntryID?
    public let ticket: TicketID?
    public let account: StatementAccount
    /// An entry's kind, `revaluation` or `opening`.
    public let kind: String
    /// Credits, with their sign.
    public let change: Int64?
    /// Minor units that the change adds to what is deferred, with their sign.
    public let value: Int64?
    /// After the line.
    public let balance: StatementBalance
    public let agent: String?
    public let order: OrderID?

    public var isOpening: Bool { kind == StatementRow.opening }
}
