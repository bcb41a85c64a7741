import Domain
import Foundation
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("reports while agents work")
struct MomentReportTests {
    /// A shop in which somebody spends, as fast as it goes, until the body ends; the body is told how often that was so far.
    private static func spending(_ body: (TestShop, _ spent: () -> Int64) async throws -> Void) async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(quantity: 2_000)
            let isOver = Mutex(false)
            let spent = Mutex(Int64(0))
            async let spending: Void = {
                while !isOver.withLock({ $0 }) {
                    guard try await shop.spend(ticket).isSuccess else { break }
                    spent.withLock { $0 += 1 }
                }
            }()
            while spent.withLock({ $0 }) == 0 { await Task.yield() }
            let result: Result<Void, any Error>
            do { result = .success(try await body(shop) { spent.withLock { $0 } }) } catch { result = .failure(error) }
            isOver.withLock { $0 = true }
            try await spending
            try result.get()
        }
    }

    @Test("all files of an export tell of one moment, though agents spend all the while")
    func moment() async throws {
        try await Self.spending { shop, spent in
            let settings = try await shop.shop()
            let today = settings.zone.day(of: shop.clock.now)
            let books = MonthBooks(month: today.adding(days: 1 - today.day), state: .open, closing: nil)
            try await SheetReaders.inFolder { folder in
                let before = spent()
                let made = try await MonthExport(shop.store, shop: settings, books: books, key: "by-hand", madeBy: "test").write(into: folder)
                let files = Files(path: try #require(made).path)
                let used = try files.sum("roll-forward.csv", "used_credits")
                #expect(used >= before && used < spent() - 5, "nothing was spent while the files were written")
                #expect(try files.sum("usage.csv", "credits") == used)
                #expect(try files.sum("orders.csv", "used") == used)
                #expect(try files.sum("calls-avoided.csv", "contacts") == used)
                #expect(try files.rows("entries.csv").filter { $0["kind"] == "usage" }.count == used)
                #expect(try files.text("entries.jsonl").components(separatedBy: #""kind":"usage""#).count == used + 1)
                #expect(try files.sum("liability.csv", "credits") == files.sum("roll-forward.csv", "closing_credits"))
                #expect(made?.addsUp == true)
            }
        }
    }

    @Test("what is owed, and the sum that it is held against, are of one moment too")
    func liability() async throws {
        try await Self.spending { shop, spent in
            let settings = try await shop.shop()
            let before = spent()
            for _ in 0..<5 {
                let table = try FinanceReport.liability.table(shop.store, shop: settings, words: FinanceReportWords()).get()
                let outcome = try await table.stream(as: .csv) { _ in }
                #expect(outcome.summary.checks.count == 2 && outcome.summary.checks.allSatisfy(\.isZero))
            }
            while spent() < before + 5 { await Task.yield() }
        }
    }

    private struct Files {
        let path: String

        func text(_ name: String) throws -> String { try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8) }

        func rows(_ name: String) throws -> [[String: String]] {
            let all = CSVReader.rows(try text(name))
            return all.dropFirst().map { row in Dictionary(uniqueKeysWithValues: zip(all[0], row)) }
        }

        func sum(_ name: String, _ column: String) throws -> Int64 {
            try rows(name).reduce(0) { $0 + (Int64(try #require($1[column])) ?? 0) }
        }
    }
}
