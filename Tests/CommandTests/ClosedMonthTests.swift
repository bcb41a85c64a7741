import Domain
import Foundation
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@testable import supportmeter

/// What finance was given of a month stays what it is: by the real binary, whatever happens afterwards.
@Suite("a closed month gives the same bytes for ever", .serialized)
struct ClosedMonthTests {
    @Test("after late refunds, replays, plan edits, later spends, other tags, names, tariffs and accounts, and a restore from a backup: file by file the same")
    func same() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/supportmeter-closed-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let month = try await ClosedMonth(shop: shop)
            try await month.live()
            let customer = try await month.customer()
            test.clock.set(Date())                             // the binary has no other
            let open = try await files(test.store, month.name, customer)
            try await command(["period", "close", month.name, "--note", "checked"], test.database.url)
            let closed = try await export(test.database.url, to: folder + "/closed", month.name, customer)
            expectSame(closed, open)
            // Reports and two more usages in four formats, entries in two, a journal for QuickBooks and one for each currency for Xero.
            #expect(closed.count == (FinanceReport.allCases.count + 3) * ReportFormat.allCases.count + 1 + 2)

            let xero = String(decoding: try #require(closed["journal-xero-EUR-1.csv"]), as: UTF8.self)
            #expect(xero.contains(",2900,Brez DDV,") && xero.contains(",Sales clearing,Brez DDV,"))

            try await month.goOn()
            expectSame(try await files(test.store, month.name, customer), closed)
            #expect(try await test.store.verify().problem == nil)

            let file = folder + "/all.backup"
            try await command(["backup", file], test.database.url)
            let empty = try await TestServer.shared.createDatabase()
            try await command(["restore", file], empty.url)
            expectSame(try await export(empty.url, to: folder + "/restored", month.name, customer), closed)
            await empty.drop()

            try await command(["period", "close", month.next, "--note", "checked"], test.database.url)
            try await month.changeNames("Žan")
            expectSame(try await files(test.store, month.name, customer), closed)
        }
    }

    private func expectSame(_ files: [String: Data], _ before: [String: Data], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(Set(files.keys) == Set(before.keys), sourceLocation: sourceLocation)
        for (name, bytes) in before.sorted(by: { $0.key < $1.key }) where files[name] != bytes {
            let (now, was) = (String(decoding: files[name] ?? Data(), as: UTF8.self), String(decoding: bytes, as: UTF8.self))
            Issue.record("\(name):\n\(name.hasSuffix("xlsx") ? "\(now.utf8.count) and \(was.utf8.count) bytes" : "\(now)\nwas\n\(was)")", sourceLocation: sourceLocation)
        }
    }

    private static let dimensions = ["month,plan,channel,customer,agent,category", "category"]

    /// Each report of the month, usage also by other dimensions: the name of its file, and its words.
    private func asked(_ month: String, _ customer: CustomerID) -> [(name: String, report: FinanceReport, words: FinanceReportWords)] {
        var asked = FinanceReport.allCases.map { report in
            var words = FinanceReportWords()
            if report == .liability { words.at = month } else { words.period = month }
            if report == .statement { words.customer = customer }
            return (name: report.rawValue, report: report, words: words)
        }
        for by in Self.dimensions {
            var words = FinanceReportWords()
            (words.period, words.by) = (month, by)
            asked.append(("usage-by-\(by)", .usage, words))
        }
        return asked
    }

    /// Every report of the month in every format, and the journals, by the name of the file.
    private func files(_ store: Store, _ month: String, _ customer: CustomerID) async throws -> [String: Data] {
        let shop = try #require(try await store.allShops().first)
        var files: [String: Data] = [:]
        for (name, report, words) in asked(month, customer) {
            for format in ReportFormat.allCases {
                let bytes = Mutex(Data())
                _ = try await report.table(store, shop: shop, words: words).get().stream(as: format) { piece in bytes.withLock { $0 += piece } }
                files["\(name).\(format.rawValue)"] = bytes.withLock { $0 }
            }
        }
        let entries = EntriesReport(store, shop: shop, period: try ReportPeriod.parse(from: month, through: month).get())
        for format in ReportFormat.allCases {
            let bytes = Mutex(Data())
            _ = try await entries.stream(as: format) { piece in bytes.withLock { $0 += piece } }
            files["entries.\(format.rawValue)"] = bytes.withLock { $0 }
        }
        var words = FinanceReportWords()
        words.period = month
        let journals = try await FinanceReport.journals(store, shop: shop, words: words).get()
        for file in try JournalFiles.files(journals, as: .quickBooks(.monthFirst)) + JournalFiles.files(journals, as: .xero) {
            files[file.name] = Data(file.bytes)
        }
        return files
    }

    /// The same by the real binary.
    private func export(_ url: String, to folder: String, _ month: String, _ customer: CustomerID) async throws -> [String: Data] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, report, asked) in asked(month, customer) {
            let words = [("--period", asked.period), ("--at", asked.at), ("--customer", asked.customer.map { "\($0)" }), ("--by", asked.by)]
                .flatMap { flag, value in value.map { [flag, $0] } ?? [] }
            for format in ReportFormat.allCases {
                try await command(["report", report.rawValue, "--format", format.rawValue, "--output", "\(folder)/\(name).\(format.rawValue)"] + words, url)
            }
        }
        for format in ReportFormat.allCases {
            try await command(
                ["report", "entries", "--from", month, "--through", month, "--format", format.rawValue, "--output", "\(folder)/entries.\(format.rawValue)"], url)
        }
        for program in ["quickbooks", "xero"] { try await command(["report", "journal", "--for", program, "--period", month, "--folder", folder], url) }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)"))) })
    }

    private func command(_ words: [String], _ url: String) async throws {
        let run = try await Program.run(words, environment: ["DATABASE_URL": url])
        #expect(run.exitCode == 0, "\(words): \(run.errors) \(run.output)")
    }
}
