import Postgres

/// A row of the ledger as it is exported. Instants are microseconds since 1970, money is minor units; texts are parts of `EntryRecords.bytes`, UTF-8. It holds
/// numbers alone, because millions of them are made.
public struct EntryRecord: Sendable {
    public typealias Text = Range<Int>

    public let entry: Int64
    public let ticket: Int64
    public let channel: Text?
    /// An entry's kind, or `revaluation`.
    public let kind: Text
    public let quantity: Int64
    public let balanceAfter: Int64?
    public let effectiveAt: Int64
    public let recordedAt: Int64
    public let occurredAt: Int64?
    public let agent: Text?
    public let reason: Text?
    public let reference: Text?
    public let note: Text?
    /// What the entry itself says, or all its slices.
    public let order: Int64?
    public let line: Int64?
    public let usage: Int64?
    public let corrects: Int64?
    public let hold: Int64?
    public let forTicket: Int64?
    public let ruleVersion: Int32?
    /// What an order's money changed; nil for an entry.
    public let money: Money?
    public let slices: Slices
    /// Nil where slices are of several currencies.
    public let currency: Text?
    /// Nil for a revaluation, and where slices are of several currencies.
    public let value: Int64?

    init(_ row: inout BinaryRows, _ facts: EntryFacts, in bytes: [UInt8]) throws {
        entry = try row.int64() ?? 0
        let grant = try row.int64()
        _ = try row.int64()                         // the actor, whose label the facts have
        agent = try row.text() ?? facts.agent
        ticket = try row.int64() ?? 0
        channel = try row.text()
        kind = try row.text() ?? 0..<0
        quantity = try row.int64() ?? 0
        balanceAfter = try row.int64()
        let first = try Slice(grant, facts.grant, &row)
        slices = try Slices(first, several: try row.text(), in: bytes)
        effectiveAt = try row.microseconds() ?? 0
        recordedAt = try row.microseconds() ?? 0
        occurredAt = try row.microseconds()
        reason = try row.text()
        (reference, note) = (facts.reference, facts.note)
        order = try row.int64() ?? slices.order
        line = try row.int64() ?? slices.line
        usage = try row.int64()
        corrects = try row.int64()
        hold = try row.int64()
        forTicket = try row.int64()
        ruleVersion = try row.int32()
        money = try Money(&row)
        currency = money?.currency ?? slices.currency(in: bytes)
        value = money == nil && currency != nil ? slices.value : nil
    }

    /// The columns that are read, of `EntryExportFilter.rows`. Labels of actors come with the row only where they are not known yet: those with ids above.
    static func columns(actorsKnown: Int64) -> String {
        """
        e.entry_id, e.slice_grant, e.actor_id,
        CASE WHEN e.actor_id > \(actorsKnown) THEN (SELECT a.label FROM actor a WHERE a.shop_id = e.shop_id AND a.actor_id = e.actor_id) END,
        e.ticket_id, e.channel, e.kind, e.quantity, e.balance_after, \(Slice.columns), e.slices, e.effective_at, e.recorded_at, e.occurred_at,
        e.reason, e.order_id, e.line_id, e.usage_id, e.corrects_id, e.hold_id, e.for_ticket_id, e.rule_version, \(Money.columns)
        """
    }
}

/// Rows of the ledger, some hundreds at a time.
public struct EntryRecords: Sendable {
    /// What the rows' texts are parts of.
    public let bytes: [UInt8]
    private var rows: BinaryRows
    private let facts: [EntryFacts]
    private var place = 0

    init(_ rows: BinaryRows, _ facts: [EntryFacts], in bytes: [UInt8]) { (self.rows, self.facts, self.bytes) = (rows, facts, bytes) }

    /// The next one; nil after the last.
    public mutating func next() throws -> EntryRecord? {
        guard try rows.nextRow() else { return nil }
        defer { place += 1 }
        return try EntryRecord(&rows, facts[place], in: bytes)
    }

    public func string(_ text: EntryRecord.Text) -> String { String(decoding: bytes[text], as: UTF8.self) }
}
