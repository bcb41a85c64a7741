import Domain
import Store

/// Rows of the ledger as CSV, RFC 4180. A month's file must be the same bytes for ever, so this never changes.
struct EntryCSV: EntryEncoder {
    /// Each may be a quote, that is doubled.
    static let bytesOfByteMax = 2

    private let slug: [UInt8]
    private let words = SliceWords()
    private var text: LedgerText

    init(_ shop: Shop) { (slug, text) = (Array(shop.slug.utf8), LedgerText(shop.zone)) }

    var heading: [UInt8] { Array((EntriesReport.columns.joined(separator: ",") + "\r\n").utf8) }

    mutating func append(_ row: EntryRecord, of source: borrowing Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        bytes.append(decimal: row.entry)
        bytes.separate()
        bytes.append(text: slug.span)
        bytes.cell(row.ticket)
        bytes.cell(row.channel, of: source)
        bytes.cell(row.kind, of: source)
        bytes.cell(row.quantity)
        bytes.cell(row.balanceAfter)
        bytes.cell(row.value)
        bytes.cell(row.currency, of: source)
        bytes.separate()
        text.append(instant: row.effectiveAt, to: &bytes)
        bytes.separate()
        text.append(dayOf: row.effectiveAt, to: &bytes)
        bytes.separate()
        text.append(instant: row.recordedAt, to: &bytes)
        bytes.separate()
        if let occurredAt = row.occurredAt { text.append(instant: occurredAt, to: &bytes) }
        bytes.typed(row.agent, of: source)
        bytes.typed(row.reason, of: source)
        bytes.typed(row.reference, of: source)
        bytes.typed(row.note, of: source)
        bytes.cell(row.order)
        bytes.cell(row.line)
        bytes.cell(row.usage)
        bytes.cell(row.corrects)
        bytes.cell(row.hold)
        bytes.cell(row.forTicket)
        bytes.cell(row.ruleVersion.map(Int64.init))
        bytes.separate()
        words.append(row.slices, of: source, to: &bytes)
        bytes.cell(row.money?.sold)
        bytes.cell(row.money?.refunded)
        bytes.cell(row.money?.recognised)
        bytes.cell(row.money?.deferred)
        bytes.append(UInt8(ascii: "\r"))
        bytes.append(UInt8(ascii: "\n"))
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func separate() { append(UInt8(ascii: ",")) }

    fileprivate mutating func cell(_ number: Int64?) {
        separate()
        if let number { append(decimal: number) }
    }

    /// A word of ours, which never needs quotes.
    fileprivate mutating func cell(_ word: EntryRecord.Text?, of source: borrowing Span<UInt8>) {
        separate()
        if let word { append(text: source.extracting(word)) }
    }

    /// What people or shops wrote. A cell that a spreadsheet would run gets an apostrophe in front; an empty one is in quotes, as it is not missing.
    fileprivate mutating func typed(_ text: EntryRecord.Text?, of source: borrowing Span<UInt8>) {
        separate()
        guard let text else { return }
        let isQuoted = text.isEmpty || text.contains { place in
            let byte = source[place]
            return byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == 0x0A || byte == 0x0D
        }
        if isQuoted { append(UInt8(ascii: "\"")) }
        if CSVText.isRun(source.extracting(text)) { append(UInt8(ascii: "'")) }
        for place in text {
            if source[place] == UInt8(ascii: "\"") { append(source[place]) }
            append(source[place])
        }
        if isQuoted { append(UInt8(ascii: "\"")) }
    }
}

/// Slices in words: `grant 7: 2 for 500 EUR of order 53 line 530; ...`, values in minor units.
struct SliceWords: Sendable {
    private let grant = Array("grant ".utf8)
    private let quantity = Array(": ".utf8)
    private let value = Array(" for ".utf8)
    private let order = Array(" of order ".utf8)
    private let line = Array(" line ".utf8)
    private let next = Array("; ".utf8)

    func append(_ slices: EntryRecord.Slices, of source: borrowing Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        switch slices {
        case .none: break
        case .one(let slice): append(slice, of: source, to: &bytes)
        case .several(let slices):
            for (place, slice) in slices.enumerated() {
                if place > 0 { bytes.append(text: next.span) }
                append(slice, of: source, to: &bytes)
            }
        }
    }

    private func append(_ slice: EntryRecord.Slice, of source: borrowing Span<UInt8>, to bytes: inout OutputSpan<UInt8>) {
        bytes.append(text: grant.span)
        bytes.append(decimal: slice.grant)
        bytes.append(text: quantity.span)
        bytes.append(decimal: slice.quantity)
        bytes.append(text: value.span)
        bytes.append(decimal: slice.value)
        bytes.append(UInt8(ascii: " "))
        bytes.append(text: source.extracting(slice.currency))
        guard let orderID = slice.order, let lineID = slice.line else { return }
        bytes.append(text: order.span)
        bytes.append(decimal: orderID)
        bytes.append(text: line.span)
        bytes.append(decimal: lineID)
    }
}
