import Domain

/// A booking: lines of one day and one currency whose debits are its credits.
public struct Journal: Sendable, Hashable {
    /// Names the journal in the accounting program, the same at every export: `SM-2026-05-EUR`. QuickBooks takes 21 characters.
    public let number: String
    public let day: CivilDay
    public let currency: Currency
    /// What it is, for the reader.
    public let narration: String
    public let lines: [JournalLine]
    /// Of all lines, by its name in Xero.
    public let taxRate: String

    public init(
        number: String, day: CivilDay, currency: Currency, narration: String, lines: [JournalLine], taxRate: String = JournalAccounts().taxRate
    ) {
        self.number = number
        self.day = day
        self.currency = currency
        self.narration = narration
        self.lines = lines
        self.taxRate = taxRate
    }

    /// Debits less credits, in minor units; zero when it balances, nil when the sum is too large to be true.
    public var difference: Int64? {
        lines.reduce(Int64?(0)) { sum, line in
            guard let sum else { return nil }
            let (next, overflow) = sum.addingReportingOverflow(line.side == .debit ? line.minorUnits : -line.minorUnits)
            return overflow ? nil : next
        }
    }
}

/// One line of a journal.
public struct JournalLine: Sendable, Hashable {
    public enum Side: Sendable, Hashable { case debit, credit }

    /// The account as the accounting program knows it: its code for Xero, its name for QuickBooks. From the shop's settings.
    public let account: String
    public let side: Side
    /// Minor units of the journal's currency, never negative.
    public let minorUnits: Int64
    public let memo: String

    /// A negative amount is the same amount on the other side.
    public init(account: String, _ side: Side, minorUnits: Int64, memo: String) {
        self.account = account
        self.side = minorUnits < 0 ? (side == .debit ? .credit : .debit) : side
        self.minorUnits = abs(minorUnits)
        self.memo = memo
    }
}
