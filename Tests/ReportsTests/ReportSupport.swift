import Domain
import Foundation
import Reports
import Store
import Synchronization
import TestSupport
import Testing

extension LedgerFixture {
    func report(
        from: String? = nil, through: String? = nil, ticket: TicketID? = nil, channel: String? = nil, kind: String? = nil, customer: CustomerID? = nil,
        agent: String? = nil, currency: String? = nil
    ) async throws -> EntriesReport {
        let shop = try #require(try await store.shop(shop))
        var words = FinanceReportWords()
        (words.from, words.through, words.channel) = (from, through, channel)
        (words.customer, words.agent, words.currency) = (customer, agent, currency)
        return try EntriesReport.parse(store, shop: shop, words: words, ticket: ticket, kind: kind).get()
    }
}

extension EntriesReport {
    func text(as format: ReportFormat) async throws -> String {
        let bytes = Mutex<[UInt8]>([])
        _ = try await stream(as: format) { piece in bytes.withLock { $0 += piece } }
        return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    }

    func count() async throws -> Int { try await stream(as: .csv) { _ in } }
}

/// A reader of RFC 4180, as strict as it: lines end with CR LF, quotes stand around the whole cell.
enum CSVReader {
    static func rows(_ text: String) -> [[String]] {
        var (rows, row, cell, isQuoted) = ([[String]](), [String](), [UInt8](), false)
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : 0
            if byte == UInt8(ascii: "\"") {
                if isQuoted, next == byte { cell.append(byte) }
                isQuoted.toggle()
            } else if byte == UInt8(ascii: ","), !isQuoted {
                row.append(String(decoding: cell, as: UTF8.self))
                cell = []
            } else if byte == UInt8(ascii: "\n"), !isQuoted {
                if cell.last == UInt8(ascii: "\r") { cell.removeLast() } else { cell += Array("<no CR>".utf8) }
                rows.append(row + [String(decoding: cell, as: UTF8.self)])
                (row, cell) = ([], [])
            } else {
                cell.append(byte)
            }
        }
        return rows
    }
}
