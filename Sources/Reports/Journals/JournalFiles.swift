import Domain

/// Import files of journals. A journal is never cut: where the next one does not fit any more, the next file begins.
public enum JournalFiles {
    /// One file, ready to be imported.
    public struct File: Sendable, Hashable {
        /// `journal-xero-EUR-1.csv`, without the currency where a file may hold several.
        public let name: String
        public let bytes: [UInt8]
        public let journals: Int
        public let lines: Int
    }

    /// Writes the journals in the order given, by currency where a file holds only one. Lines of zero are left out, and so is a journal without
    /// others. Throws `ReportFault` for a journal that does not balance, or that is longer than a file may be; then there is no file at all.
    public static func files(_ journals: [Journal], as format: JournalFormat) throws(ReportFault) -> [File] {
        var files: [File] = []
        let currencies = format.isOneCurrencyAFile ? Set(journals.map(\.currency)).sorted { $0.code < $1.code } : []
        if currencies.isEmpty { return try filled(journals, format, name: "journal-\(format.name)") }
        for currency in currencies {
            files += try filled(journals.filter { $0.currency == currency }, format, name: "journal-\(format.name)-\(currency.code)")
        }
        return files
    }

    private static func filled(_ journals: [Journal], _ format: JournalFormat, name: String) throws(ReportFault) -> [File] {
        var files: [File] = []
        var part: [Journal] = []
        var lines = 0
        for journal in journals {
            let shown = try checked(journal, format)
            if shown.lines.isEmpty { continue }
            if lines + shown.lines.count > format.linesMax {
                files.append(file(part, format, name: "\(name)-\(files.count + 1).csv"))
                (part, lines) = ([], 0)
            }
            part.append(shown)
            lines += shown.lines.count
        }
        if !part.isEmpty { files.append(file(part, format, name: "\(name)-\(files.count + 1).csv")) }
        return files
    }

    /// The journal without its lines of zero.
    private static func checked(_ journal: Journal, _ format: JournalFormat) throws(ReportFault) -> Journal {
        guard journal.difference == 0 else { throw .unbalanced(journal: journal.number) }
        let lines = journal.lines.filter { $0.minorUnits != 0 }
        guard lines.count <= format.linesMax else { throw .journalLines(journal: journal.number, max: format.linesMax) }
        return Journal(
            number: journal.number, day: journal.day, currency: journal.currency, narration: journal.narration, lines: lines, taxRate: journal.taxRate)
    }

    private static func file(_ journals: [Journal], _ format: JournalFormat, name: String) -> File {
        var csv = CSVText(.standard)
        for heading in format.headings { csv.plain(heading) }
        csv.endLine()
        for journal in journals {
            for line in journal.lines { append(line, of: journal, format, to: &csv) }
        }
        return File(name: name, bytes: csv.take(), journals: journals.count, lines: journals.reduce(0) { $0 + $1.lines.count })
    }

    private static func append(_ line: JournalLine, of journal: Journal, _ format: JournalFormat, to csv: inout CSVText) {
        let amount = Money(minorUnits: line.minorUnits, currency: journal.currency)
        switch format {
        case .quickBooks(let order):
            csv.text(journal.number)
            csv.plain(date(journal.day, order))
            csv.plain(journal.currency.code)
            csv.text(line.account)
            if line.side == .debit { csv.money(amount) } else { csv.empty() }
            if line.side == .credit { csv.money(amount) } else { csv.empty() }
            csv.text(line.memo)
        case .xero:
            // The number keeps two journals of a day apart.
            csv.text("\(journal.number) \(journal.narration)")
            csv.plain(date(journal.day, .dayFirst))
            csv.text(line.memo)
            csv.text(line.account)
            csv.text(journal.taxRate)
            csv.money(line.side == .debit ? amount : Money(minorUnits: -line.minorUnits, currency: journal.currency))
            for _ in 0..<4 { csv.empty() }
        }
        csv.endLine()
    }

    private static func date(_ day: CivilDay, _ order: JournalFormat.DateOrder) -> String {
        let parts = day.description.split(separator: "-")
        let (year, month, date) = (parts[0], parts[1], parts[2])
        return order == .monthFirst ? "\(month)/\(date)/\(year)" : "\(date)/\(month)/\(year)"
    }
}
