import Domain
import Foundation
import Logging
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("finance takes the whole ledger along")
struct EntriesReportTests {
    @Test("CSV is RFC 4180: a header, CR LF, quotes, and nothing that a spreadsheet would run")
    func csv() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, order: 77, line: 5, credits: 3, value: 1000)
            try await fixture.spend(ticket, reference: "=cmd|' /C calc'!A1")
            try await fixture.spend(ticket, reference: "Ščuka, \"Žan\"\nvrstica 2")
            let text = try await fixture.report().text(as: .csv)
            let rows = CSVReader.rows(text)
            #expect(text.hasPrefix("entry,shop,ticket,channel,kind,quantity,balance_after,value_minor,currency,effective_at,effective_day,"))
            #expect(text.hasSuffix("\r\n"))
            #expect(rows.count == 4)
            #expect(rows.allSatisfy { $0.count == EntriesReport.columns.count })
            let cell = { (row: Int, name: String) in rows[row][EntriesReport.columns.firstIndex(of: name) ?? 0] }
            #expect(cell(1, "kind") == "grant" && cell(1, "value_minor") == "1000" && cell(1, "currency") == "EUR")
            #expect(cell(1, "shop") == "demo" && cell(1, "order") == "77" && cell(1, "line") == "5")
            #expect(cell(2, "reference") == "'=cmd|' /C calc'!A1")
            #expect(cell(2, "agent") == "operator" && cell(2, "value_minor") == "333" && cell(2, "order") == "77")
            #expect(cell(3, "reference") == "Ščuka, \"Žan\"\nvrstica 2")
            #expect(cell(3, "slices").hasPrefix("grant ") && cell(3, "slices").hasSuffix(": 1 for 334 EUR of order 77 line 5"))
            #expect(cell(3, "recorded_at") == Timestamp.text(fixture.clock.now))
            #expect(cell(3, "occurred_at") == "")
        }
    }

    @Test("JSON Lines has one object a line, with everything as it is")
    func jsonLines() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            try await fixture.entitle(ticket, credits: 3)
            try await fixture.spend(ticket, reference: "=1+1 \\ \" \n\t ž")
            let lines = try await fixture.report().text(as: .jsonLines).split(separator: "\n")
            #expect(lines.count == 2)
            let entries = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            #expect(entries[0].kind == "grant" && entries[0].reference == nil)
            #expect(entries[1].kind == "usage" && entries[1].reference == "=1+1 \\ \" \n\t ž")
            #expect(entries[1].slices.map(\.quantity) == [1] && entries[1].slices[0].currency == "EUR")
        }
    }

    private struct Line: Decodable {
        struct Slice: Decodable { let grant: Int64, quantity: Int64, currency: String }
        let kind: String
        let reference: String?
        let slices: [Slice]
    }

    @Test("filters take what they name, and days are the shop's own")
    func filters() async throws {
        try await LedgerFixture.with { fixture in
            let customer = try await fixture.addCustomer()
            let (first, second) = (try await fixture.addTicket(customer), try await fixture.addTicket(customer))
            // 23:30 UTC on 30 November is 0:30 on 1 December in Ljubljana.
            fixture.clock.set(try #require(Timestamp.parse("2026-11-30T22:30:00Z")))
            try await fixture.entitle(first, order: 1, credits: 3)
            try await fixture.entitle(second, order: 2, channel: "sms", credits: 3)
            fixture.clock.advance(seconds: 3600)
            try await fixture.spend(first)
            #expect(try await fixture.report().count() == 3)
            #expect(try await fixture.report(from: "2026-12-01").count() == 1)
            #expect(try await fixture.report(through: "2026-11").count() == 2)
            #expect(try await fixture.report(from: "2026-12", through: "2026-12").count() == 1)
            #expect(try await fixture.report(ticket: second).count() == 1)
            #expect(try await fixture.report(channel: "email").count() == 2)
            #expect(try await fixture.report(channel: "email", kind: "usage").count() == 1)
            #expect(try await fixture.report(from: "2030-01-01").count() == 0)
            #expect(try await fixture.report(agent: "operator").count() == 1)
            #expect(try await fixture.report(agent: "nobody").count() == 0)
            #expect(try await fixture.report(currency: "EUR").count() == 3)
            #expect(try await fixture.report(currency: "JPY").count() == 0)
            #expect(try await fixture.report(customer: customer).count() == 3)
            #expect(try await fixture.report(customer: try await fixture.addCustomer("Bor", email: "bor@example.si")).count() == 0)
            let other = try await LedgerFixture.addShop(fixture.pool, slug: "other", now: fixture.clock.now)
            let shop = try #require(try await fixture.store.shop(other))
            #expect(try await EntriesReport(fixture.store, shop: shop).count() == 0)
        }
    }

    @Test("words that name no day, channel or kind are refused with their field", arguments: [
        ("2026-13-01", nil, nil, nil, "from"), (nil, "yesterday", nil, nil, "through"), ("2026-02-01", "2026-01-31", nil, nil, "through"),
        (nil, nil, "E mail'; DROP", nil, "channel"), (nil, nil, nil, "sale", "kind"), ("2026-2-1", nil, nil, nil, "from"),
    ] as [(String?, String?, String?, String?, String)])
    func refused(from: String?, through: String?, channel: String?, kind: String?, field: String) async throws {
        try await LedgerFixture.with { fixture in
            let shop = try #require(try await fixture.store.shop(fixture.shop))
            var words = FinanceReportWords()
            (words.from, words.through, words.channel) = (from, through, channel)
            let report = EntriesReport.parse(fixture.store, shop: shop, words: words, kind: kind)
            guard case .failure(let refusal) = report else { Issue.record("not refused"); return }
            #expect(refusal.field == field)
        }
    }

    @Test("the header comes before the first row, the reader sets the pace, and one that leaves ends it")
    func streams() async throws {
        try await LedgerFixture.with(connectionsMax: 2) { fixture in
            try await fixture.fillWithUsages(tickets: 200, each: 99)
            struct Gone: Error {}
            let pieces = Mutex<[Int]>([])
            await #expect(throws: Gone.self) {
                _ = try await fixture.report().stream(as: .csv) { piece in
                    let count = pieces.withLock { pieces in
                        pieces.append(piece.count)
                        return pieces.count
                    }
                    if count == 3 { throw Gone() }
                }
            }
            #expect(pieces.withLock { $0.count } == 3)
            #expect(pieces.withLock { $0.allSatisfy { $0 < 1 << 20 } })
            // The connection is free again, and the whole report is there for the next reader.
            #expect(try await fixture.report().count() == 20_000)
            #expect(fixture.pool.statistics.busy == 0)
        }
    }

    @Test("however many files are read slowly, agents go on spending; a further reader waits for his turn")
    func slowReaders() async throws {
        try await LedgerFixture.with(connectionsMax: 2) { fixture in
            try await fixture.fillWithUsages(tickets: 200, each: 99)
            let ticket = try await fixture.addTicket(fixture.addCustomer("Bor", email: "bor@example.si"))
            try await fixture.entitle(ticket, order: 9_999, credits: 3)
            var configuration = fixture.pool.configuration
            configuration.connectionsMax = 2
            configuration.waitSecondsMax = 0.2
            let streams = Pool(configuration, logger: Logger(label: "test"))
            let store = Store(pool: fixture.pool, streams: streams, logger: Logger(label: "test"), clock: fixture.store.clock)
            let report = EntriesReport(store, shop: try #require(try await store.shop(fixture.shop)))
            let (reading, started) = AsyncStream.makeStream(of: Void.self)
            let readers = (0..<2).map { _ in
                Task {
                    try await report.stream(as: .csv) { piece in
                        if piece.count > 1_000 { started.yield(); try await Task.sleep(for: .seconds(3_600)) }
                    }
                }
            }
            var count = 0
            for await _ in reading { count += 1; if count == readers.count { break } }
            try await fixture.spend(ticket)
            await #expect { _ = try await report.stream(as: .csv) { _ in } } throws: { ($0 as? PostgresError)?.kind == .poolTimeout }
            for reader in readers { reader.cancel() }
            for reader in readers { _ = try? await reader.value }
            #expect(try await report.stream(as: .csv) { _ in } == 20_002)
            await streams.shutdown()
        }
    }

    @Test("a text that anybody may have typed comes out as it went in, whatever is in it")
    func texts() async throws {
        try await LedgerFixture.with { fixture in
            let ticket = try await fixture.addTicket(fixture.addCustomer())
            let texts = ["=1", "＝1", "a;b", "\t", "\"", ",", "x\r\ny", "\u{8}\u{1F}", "a\\b", String(repeating: "\"", count: 180), "žluťoučký 🐴"]
            try await fixture.entitle(ticket, credits: Int64(texts.count))
            for text in texts { try await fixture.spend(ticket, reference: text) }
            let column = EntriesReport.columns.firstIndex(of: "reference") ?? 0
            let rows = CSVReader.rows(try await fixture.report(kind: "usage").text(as: .csv)).dropFirst()
            #expect(rows.map { $0[column] } == texts.map { ["=1", "＝1", "\t"].contains($0) ? "'" + $0 : $0 })
            let lines = try await fixture.report(kind: "usage").text(as: .jsonLines).split(separator: "\n")
            #expect(try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)).reference } == texts)
        }
    }

    @Test("a cancelled task ends it")
    func cancelled() async throws {
        try await LedgerFixture.with(connectionsMax: 2) { fixture in
            try await fixture.fillWithUsages(tickets: 200, each: 99)
            let report = try await fixture.report()
            let (started, start) = AsyncStream.makeStream(of: Void.self)
            let task = Task {
                try await report.stream(as: .jsonLines) { _ in
                    start.yield()
                    try await Task.sleep(for: .seconds(3_600))
                }
            }
            for await _ in started { break }
            task.cancel()
            await #expect(throws: (any Error).self) { _ = try await task.value }
            #expect(try await fixture.report().count() == 20_000)
        }
    }
}
