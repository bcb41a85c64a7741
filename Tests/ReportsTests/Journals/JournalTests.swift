import Domain
import Foundation
import Reports
import Testing

@Suite("journals for the accounting program")
struct JournalTests {
    private static func journal(_ number: String, _ currency: String = "EUR", day: Int = 31, lines: Int = 4) throws -> Journal {
        let currency = try #require(Currency(currency))
        let pairs = (0..<lines / 2).flatMap { index in
            [
                JournalLine(account: "2100", .debit, minorUnits: Int64(1_250 + index), memo: "Used: e-mail, \"START\""),
                JournalLine(account: "4000", .credit, minorUnits: Int64(1_250 + index), memo: "=Revenue"),
            ]
        }
        return Journal(
            number: number, day: try #require(CivilDay(year: 2026, month: 5, day: day)), currency: currency, narration: "Support credits May 2026",
            lines: pairs)
    }

    @Test("QuickBooks Online and Xero files are as their golden files")
    func golden() throws {
        let journals = try [
            Self.journal("SM-2026-05-EUR"), Self.journal("SM-2026-05-JPY", "JPY"), Self.journal("SM-2026-05-KWD", "KWD", lines: 2),
            Journal(
                number: "SM-2026-05-R", day: try #require(CivilDay(year: 2026, month: 5, day: 7)), currency: try #require(Currency("EUR")),
                narration: "Refunds",
                lines: [
                    JournalLine(account: "4000", .credit, minorUnits: -300, memo: "Refund beyond what was deferred"),
                    JournalLine(account: "1200", .credit, minorUnits: 300, memo: "Refund"), JournalLine(account: "2100", .debit, minorUnits: 0, memo: "none"),
                ]),
        ]
        let quickBooks = try JournalFiles.files(journals, as: .quickBooks(.monthFirst))
        #expect(quickBooks.map(\.name) == ["journal-quickbooks-1.csv"])
        try Golden.check("journal-quickbooks.csv", quickBooks[0].bytes)
        let xero = try JournalFiles.files(journals, as: .xero)
        #expect(xero.map(\.name) == ["journal-xero-EUR-1.csv", "journal-xero-JPY-1.csv", "journal-xero-KWD-1.csv"])
        for file in xero { try Golden.check(file.name, file.bytes) }
    }

    @Test("each journal's debits are its credits, in the file too")
    func balanced() throws {
        let journals = try (1...9).map { try Self.journal("J\($0)", lines: 2 * $0) }
        for file in try JournalFiles.files(journals, as: .xero) {
            let rows = CSVReader.rows(String(decoding: file.bytes, as: UTF8.self)).dropFirst()
            let sums = Dictionary(grouping: rows) { $0[0] }.mapValues { $0.reduce(Decimal(0)) { $0 + (Decimal(string: $1[5]) ?? 1) } }
            #expect(sums.count == 9 && sums.values.allSatisfy { $0 == 0 })
        }
        for file in try JournalFiles.files(journals, as: .quickBooks(.dayFirst)) {
            let rows = CSVReader.rows(String(decoding: file.bytes, as: UTF8.self)).dropFirst()
            for (_, lines) in Dictionary(grouping: rows, by: { $0[0] }) {
                let sum = { (column: Int) in lines.reduce(Decimal(0)) { $0 + (Decimal(string: $1[column]) ?? 0) } }
                #expect(sum(4) == sum(5) && sum(4) > 0)
                #expect(lines.allSatisfy { $0[4].isEmpty != $0[5].isEmpty && $0[1] == "31/05/2026" })
            }
        }
    }

    @Test("a Xero file has 300 lines at most and never part of a journal")
    func parts() throws {
        let journals = try (1...40).map { try Self.journal("J\($0)", lines: 16) }
        let files = try JournalFiles.files(journals, as: .xero)
        #expect(files.map(\.lines) == [288, 288, 64] && files.map(\.journals) == [18, 18, 4])
        #expect(files.map(\.name) == (1...3).map { "journal-xero-EUR-\($0).csv" })
        #expect(throws: ReportFault.journalLines(journal: "long", max: 300)) {
            try JournalFiles.files([Self.journal("long", lines: 302)], as: .xero)
        }
    }

    @Test("what does not balance is no file, and what is nothing is none either")
    func refused() throws {
        let euro = try #require(Currency("EUR"))
        let day = try #require(CivilDay(year: 2026, month: 5, day: 31))
        let wrong = Journal(
            number: "W", day: day, currency: euro, narration: "wrong",
            lines: [JournalLine(account: "1", .debit, minorUnits: 5, memo: ""), JournalLine(account: "2", .credit, minorUnits: 4, memo: "")])
        #expect(throws: ReportFault.unbalanced(journal: "W")) { try JournalFiles.files([Self.journal("fine"), wrong], as: .quickBooks(.monthFirst)) }
        let idle = Journal(number: "N", day: day, currency: euro, narration: "none", lines: [])
        #expect(try JournalFiles.files([idle], as: .xero).isEmpty && JournalFiles.files([], as: .quickBooks(.monthFirst)).isEmpty)
    }
}
