import Domain
import FoundationEssentials
import Store
import Synchronization

extension EntriesReport {
    /// The ledger as a table, for formats that are not streamed as the database writes them: spreadsheets, and CSV for European ones.
    public func table() -> ReportTable {
        let report = self
        return ReportTable("entries", columns: EntryRow.columns, order: ["entry"], parameters: parameters) { sink in
            let lines = LineReader()
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            _ = try await report.stream(as: .jsonLines) { piece in
                let rows = try lines.lines(piece).map { try decoder.decode(EntryRow.self, from: Data($0)).cells }
                for start in stride(from: 0, to: rows.count, by: Store.reportRowsMax) {
                    try await sink.push(Array(rows[start..<min(start + Store.reportRowsMax, rows.count)]))
                }
            }
            return ReportSummary()
        }
    }

    /// Whole lines out of pieces that are cut anywhere.
    private final class LineReader: Sendable {
        private let rest = Mutex<[UInt8]>([])

        func lines(_ piece: [UInt8]) throws -> [[UInt8]] {
            rest.withLock { rest in
                var parts = (rest + piece).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Array($0) }
                rest = parts.popLast() ?? []
                return parts
            }
        }
    }
}

/// One exported row, as JSON Lines has it.
private struct EntryRow: Decodable {
    struct Slice: Decodable {
        let grant: Int64
        let quantity: Int64
        let valueMinor: Int64
        let currency: String
        let order: Int64?
        let line: Int64?

        var text: String {
            "grant \(grant): \(quantity) for \(valueMinor) \(currency)" + (order.map { " of order \($0) line \(line ?? 0)" } ?? "")
        }
    }

    let entry: Int64
    let shop: String
    let ticket: Int64
    let channel: String?
    let kind: String
    let quantity: Int64
    let balanceAfter: Int64?
    let valueMinor: Int64?
    let currency: String?
    let effectiveAt: String
    let effectiveDay: String
    let recordedAt: String
    let occurredAt: String?
    let agent: String?
    let reason: String?
    let reference: String?
    let note: String?
    let order: Int64?
    let line: Int64?
    let usage: Int64?
    let corrects: Int64?
    let hold: Int64?
    let forTicket: Int64?
    let ruleVersion: Int64?
    let slices: [Slice]?
    let soldMinor: Int64?
    let refundedMinor: Int64?
    let recognisedMinor: Int64?
    let deferredMinor: Int64?

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

    var cells: [ReportCell] {
        let currency = currency.flatMap { Currency($0) }
        func money(_ minorUnits: Int64?) -> ReportCell {
            guard let minorUnits, let currency else { return .empty }
            return .money(minorUnits, currency)
        }
        let identity: [ReportCell] = [
            .integer(entry), .text(shop), .integer(ticket), .text(channel), .text(kind), .integer(quantity), .integer(balanceAfter), money(valueMinor),
            currency.map(ReportCell.currency) ?? .empty,
        ]
        let time: [ReportCell] = [
            .instant(Timestamp.parse(effectiveAt)), .day(EntryRow.day(effectiveDay)), .instant(Timestamp.parse(recordedAt)),
            .instant(occurredAt.flatMap(Timestamp.parse)),
        ]
        let words: [ReportCell] = [.text(agent), .text(reason), .text(reference), .text(note)]
        let ties: [ReportCell] = [order, line, usage, corrects, hold, forTicket, ruleVersion].map { .integer($0) }
        let slices = (slices ?? []).map(\.text).joined(separator: "; ")
        return identity + time + words + ties + [.text(slices), money(soldMinor), money(refundedMinor), money(recognisedMinor), money(deferredMinor)]
    }

    private static func day(_ text: String) -> CivilDay? {
        let parts = text.split(separator: "-").compactMap { Int($0) }
        return parts.count == 3 ? CivilDay(year: parts[0], month: parts[1], day: parts[2]) : nil
    }
}
