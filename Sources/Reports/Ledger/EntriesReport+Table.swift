import Domain
import FoundationEssentials
import Store

extension EntriesReport {
    /// The ledger as a table, for spreadsheets, and for CSV as European ones want it.
    public func table() -> ReportTable {
        let report = self
        return ReportTable("entries", columns: EntryCells.columns, order: ["entry"], parameters: parameters) { sink in
            let cells = EntryCells(shop: report.shop)
            _ = try await report.records { records in
                var (records, rows) = (records, [[ReportCell]]())
                while let row = try records.next() {
                    rows.append(cells.cells(row, records))
                    if rows.count == Store.reportRowsMax { try await sink.push(rows); rows = [] }
                }
                try await sink.push(rows)
            }
            return ReportSummary()
        }
    }
}

/// A row of the ledger as cells.
private struct EntryCells {
    let shop: Shop
    private let words = SliceWords()

    init(shop: Shop) { self.shop = shop }

    /// In the order of the export's own columns.
    static let columns = [
        ReportColumn("entry", .integer), ReportColumn("shop", .text), ReportColumn("ticket", .integer), ReportColumn("channel", .text),
        ReportColumn("kind", .text), ReportColumn("quantity", .integer), ReportColumn("balance_after", .integer), ReportColumn("value", .money),
        ReportColumn("currency", .currency), ReportColumn("effective_at", .instant), ReportColumn("effective_day", .day), ReportColumn("recorded_at", .instant),
        ReportColumn("occurred_at", .instant), ReportColumn("agent", .text), ReportColumn("reason", .text), ReportColumn("reference", .text),
        ReportColumn("note", .text), ReportColumn("order", .integer), ReportColumn("line", .integer), ReportColumn("usage", .integer),
        ReportColumn("corrects", .integer), ReportColumn("hold", .integer), ReportColumn("for_ticket", .integer), ReportColumn("rule_version", .integer),
        ReportColumn("slices", .text), ReportColumn("sold", .money), ReportColumn("refunded", .money), ReportColumn("recognised", .money),
        ReportColumn("deferred", .money),
    ]

    func cells(_ row: EntryRecord, _ records: EntryRecords) -> [ReportCell] {
        let currency = row.currency.flatMap { Currency(records.string($0)) }
        func money(_ minorUnits: Int64?) -> ReportCell {
            guard let minorUnits, let currency else { return .empty }
            return .money(minorUnits, currency)
        }
        func text(_ text: EntryRecord.Text?) -> ReportCell { .text(text.map(records.string)) }
        func instant(_ instant: Int64?) -> ReportCell { .instant(instant.map(LedgerText.date)) }
        let identity: [ReportCell] = [
            .integer(row.entry), .text(shop.slug), .integer(row.ticket), text(row.channel), text(row.kind), .integer(row.quantity), .integer(row.balanceAfter),
            money(row.value), currency.map(ReportCell.currency) ?? .empty,
        ]
        let time: [ReportCell] = [
            instant(row.effectiveAt), .day(shop.zone.day(of: LedgerText.date(row.effectiveAt))), instant(row.recordedAt), instant(row.occurredAt),
        ]
        let words = [row.agent, row.reason, row.reference, row.note].map(text)
        let ties: [ReportCell] = [row.order, row.line, row.usage, row.corrects, row.hold, row.forTicket, row.ruleVersion.map(Int64.init)].map { .integer($0) }
        let books = [row.money?.sold, row.money?.refunded, row.money?.recognised, row.money?.deferred].map(money)
        return identity + time + words + ties + [slices(row.slices, records)] + books
    }

    private func slices(_ slices: EntryRecord.Slices, _ records: EntryRecords) -> ReportCell {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: slices.count * EntryText.sliceBytes) { words.append(slices, of: records.bytes.span, to: &$0) }
        return .text(String(decoding: bytes, as: UTF8.self))
    }
}
