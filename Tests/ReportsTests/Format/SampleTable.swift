import Domain
import Foundation
import Reports
import Store
import Synchronization
import Testing

/// A table with every kind of cell, three kinds of currency, and what people type to break files.
enum SampleTable {
    static let columns = [
        ReportColumn("day", .day), ReportColumn("plan", .text), ReportColumn("credits", .integer), ReportColumn("currency", .currency),
        ReportColumn("value", .money), ReportColumn("recorded_at", .instant), ReportColumn("goodwill", .flag), ReportColumn("note", .text),
    ]

    static let notes = [
        "=cmd|' /C calc'!A1", "+386 41 555 123", "-5", "@SUM(A1:A9)", "\tTab first", "\rReturn first", "\nLine first", "＝1+1",
        "Ščuka, \"Žan\"\r\nline two; č", "plain", "", "0012", "a;b", "'quoted", "тест ✓ 👍",
    ]

    static func rows() throws -> [[ReportCell]] {
        let currencies = try ["EUR", "JPY", "KWD", "USD"].map { try #require(Currency($0)) }
        let amounts: [Int64] = [0, 1, -1, 12, -1250, 123_456_789, 999_999_999_999, -5, 100_005]
        let first = try #require(CivilDay(year: 2026, month: 1, day: 31))
        let instant = try #require(Timestamp.parse("2026-03-29T01:59:59.123456Z"))
        return notes.enumerated().map { index, note in
            let currency = currencies[index % currencies.count]
            return [
                index == 3 ? .empty : .day(first.adding(days: index * 29)), .text(index % 2 == 0 ? "Podpora START" : "Plan \"B\", večji"),
                .integer(Int64(index * 7 - 20)), .currency(currency), .money(amounts[index % amounts.count], currency),
                .instant(instant.addingTimeInterval(Double(index) * 3_600)), .flag(index % 3 == 0), .text(note),
            ]
        }
    }

    static func table(_ name: String = "sample", rows: [[ReportCell]], repeated times: Int = 1) -> ReportTable {
        let euro = rows.first?.compactMap { if case .currency(let currency) = $0 { currency } else { nil } }.first
        let footings = euro.map { currency in
            [ReportFooting("total", [.empty, .empty, .integer(105), .currency(currency), .money(4_205, currency), .empty, .empty, .empty])]
        }
        let checks = euro.map { [ReportCheck("credits", difference: .integer(0)), ReportCheck("value", difference: .money(-1, $0))] }
        return ReportTable(
            name, columns: columns, order: ["day", "plan"],
            parameters: [ReportParameter("shop", .text("demo")), ReportParameter("from", rows.first?.first ?? .empty), ReportParameter("limit", .integer(15))]
        ) { sink in
            for _ in 0..<times {
                await Task.yield()
                try await sink.push(rows)
            }
            return ReportSummary(footings: footings ?? [], checks: checks ?? [])
        }
    }
}

extension ReportTable {
    func bytes(as format: ReportFormat) async throws -> [UInt8] {
        let bytes = Mutex<[UInt8]>([])
        _ = try await stream(as: format) { piece in bytes.withLock { $0 += piece } }
        return bytes.withLock { $0 }
    }
}
