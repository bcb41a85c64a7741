import Domain
import Foundation
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

@Suite("a customer's statement is like a bank's")
struct StatementTests {
    /// Ana buys START for EUR and PRO for JPY in March and uses something of both, uses more in April and nothing in May; Bor buys and uses beside her.
    private struct Ledger {
        let shop: TestShop
        let settings: Shop
        let ana: CustomerID
        let euros: TicketID
        let yen: TicketID

        static func with(_ body: (Ledger) async throws -> Void) async throws {
            try await TestStore.with { test in
                let shop = try await TestShop.add(to: test)
                shop.clock.set(Date(timeIntervalSince1970: 1_773_000_000)) // 8 March 2026
                let euros = try await shop.ticket()
                let yen = try await shop.ticket(order: 54, productID: 12, currency: "JPY")
                let bor = try await shop.ticket(order: 55, email: "bor@example.test")
                _ = try await shop.spend(euros, "email", 2)
                _ = try await shop.spend(yen, "email", 7)
                _ = try await shop.spend(bor, "email", 1)
                shop.clock.set(Date(timeIntervalSince1970: 1_775_600_000)) // 7 April 2026
                _ = try await shop.spend(euros, "email", 1)
                _ = try await shop.spend(yen, "sms", 4)
                _ = try await shop.spend(bor, "sms", 1)
                shop.clock.set(Date(timeIntervalSince1970: 1_780_900_000)) // 8 June 2026: START is past its 90 days
                let ana = try #require(try await shop.store.customer(ofTicket: euros, in: shop.id))
                #expect(try await shop.store.customer(ofTicket: yen, in: shop.id) == ana)
                try await body(Ledger(shop: shop, settings: try await shop.shop(), ana: ana, euros: euros, yen: yen))
            }
        }

        func words(_ period: String?) -> FinanceReportWords {
            var words = FinanceReportWords()
            (words.customer, words.period) = (ana, period)
            return words
        }

        /// The lines of the file, and what stands below them.
        func read(_ words: FinanceReportWords) async throws -> (lines: [[String: String]], summary: ReportSummary) {
            let bytes = Mutex<[UInt8]>([])
            let outcome = try await FinanceReport.statement.table(shop.store, shop: settings, words: words).get().stream(as: .csv) { piece in bytes.withLock { $0 += piece } }
            let rows = CSVReader.rows(String(decoding: bytes.withLock { $0 }, as: UTF8.self))
            return (rows.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(rows[0], $0)) }, outcome.summary)
        }

        func read(_ period: String?) async throws -> (lines: [[String: String]], summary: ReportSummary) { try await read(words(period)) }
    }

    /// `email EUR 3 29.39`
    private func balances(_ lines: [[String: String]]) -> [String] {
        lines.map { line in ["channel", "currency", "balance", "deferred"].map { line[$0] ?? "?" }.joined(separator: " ") }
    }

    private func balances(_ summary: ReportSummary) -> [String] {
        summary.footings.map { footing in
            guard case .integer(let credits) = footing.cells[7], case .money(let money) = footing.cells[10] else { return footing.label }
            let digits = money.currency.minorUnitDigits
            let whole = digits == 0 ? "\(money.minorUnits)" : "\(money.minorUnits / 100).\(String(money.minorUnits % 100 + 100).dropFirst())"
            return "\(footing.label.replacing("closing ", with: "")) \(credits) \(whole)"
        }
    }

    @Test("a period opens with what was there by channel and currency, each line carries on from the one before, and it closes on what the grants owe")
    func opening() async throws {
        try await Ledger.with { ledger in
            let (lines, summary) = try await ledger.read("2026-04")
            let opening = lines.filter { $0["kind"] == "opening" }
            #expect(lines.prefix(opening.count) == opening[...], "they come first")
            #expect(balances(opening) == ["email EUR 3 9.80", "email JPY 13 1061", "sms EUR 5 5.45", "sms JPY 20 1634", "video EUR 1 27.22", "video JPY 4 1633"])
            #expect(opening.allSatisfy { $0["at"] == "2026-03-31T22:00:00.000000Z" && $0["day"] == "2026-04-01" && $0["entry"] == "" && $0["ticket"] == "" && $0["change"] == "" })
            #expect(lines.dropFirst(opening.count).map { "\($0["ticket"] ?? "") \($0["kind"] ?? "") \($0["change"] ?? "")" } == ["\(ledger.euros) usage -1", "\(ledger.yen) usage -4"])
            #expect(balances(Array(lines.dropFirst(opening.count))) == ["email EUR 2 6.53", "sms JPY 16 1307"])
            #expect(balances(summary) == ["email EUR 2 6.53", "email JPY 13 1061", "sms EUR 5 5.45", "sms JPY 16 1307", "video EUR 1 27.22", "video JPY 4 1633"])
            #expect(summary.checks.count == 12 && summary.isBalanced)
        }
    }

    @Test("one month closes on what the next opens with; without a beginning nothing is opened, and an empty period closes on what it opened with")
    func chain() async throws {
        try await Ledger.with { ledger in
            let march = try await ledger.read("2026-03")
            #expect(march.lines.allSatisfy { $0["kind"] != "opening" } && march.summary.isBalanced)
            let april = try await ledger.read("2026-04")
            #expect(balances(april.lines.filter { $0["kind"] == "opening" }) == balances(march.summary))
            let may = try await ledger.read("2026-05")
            #expect(may.lines.count == 6 && may.lines.allSatisfy { $0["kind"] == "opening" })
            #expect(balances(may.lines) == balances(april.summary) && balances(may.summary) == balances(april.summary) && may.summary.isBalanced)
            // All of it: START expires in June, so its accounts have rows and close on nothing.
            let all = try await ledger.read(String?.none)
            #expect(all.lines.allSatisfy { $0["kind"] != "opening" } && all.lines.count == 13 && all.summary.checks.count == 12 && all.summary.isBalanced)
            #expect(balances(all.summary).filter { $0.contains("EUR") } == ["email EUR 0 0.00", "sms EUR 0 0.00", "video EUR 0 0.00"])
            // A later period opens only what is there.
            let later = try await ledger.read("2026-07")
            #expect(balances(later.lines) == ["email JPY 13 1061", "sms JPY 16 1307", "video JPY 4 1633"] && later.summary.isBalanced)
        }
    }

    @Test("filters narrow the accounts, and what these are held against: plan, channel, currency")
    func narrowed() async throws {
        try await Ledger.with { ledger in
            var words = ledger.words("2026-04")
            words.currency = "JPY"
            var read = try await ledger.read(words)
            #expect(balances(read.summary) == ["email JPY 13 1061", "sms JPY 16 1307", "video JPY 4 1633"] && read.lines.count == 4)
            #expect(read.summary.checks.count == 6 && read.summary.isBalanced)
            (words.currency, words.plan) = (nil, "Podpora START")
            read = try await ledger.read(words)
            #expect(balances(read.summary) == ["email EUR 2 6.53", "sms EUR 5 5.45", "video EUR 1 27.22"] && read.summary.isBalanced)
            (words.plan, words.channel) = (nil, "email")
            read = try await ledger.read(words)
            #expect(balances(read.summary) == ["email EUR 2 6.53", "email JPY 13 1061"] && read.summary.checks.count == 4 && read.summary.isBalanced)
        }
    }

    @Test("a customer without anything has an empty statement that adds up")
    func nobody() async throws {
        try await Ledger.with { ledger in
            for period in ["2026-04", nil] {
                var words = ledger.words(period)
                words.customer = CustomerID(999_999)
                let (lines, summary) = try await ledger.read(words)
                #expect(lines.isEmpty && summary == .none)
            }
        }
    }

    @Test("a grant that does not say what the entries say is a difference in its account alone")
    func difference() async throws {
        try await Ledger.with { ledger in
            try await ledger.shop.store.pool.transaction { [id = ledger.shop.id, ticket = ledger.yen] connection in
                _ = try connection.execute(
                    """
                    UPDATE credit_grant SET value_taken = value_taken - 5, used = used - 1
                     WHERE shop_id = \(id.rawValue)::bigint AND ticket_id = \(ticket)::bigint AND channel = 'sms'
                    """)
            }
            let summary = try await ledger.read("2026-04").summary
            let off = summary.checks.filter { !$0.isZero }
            #expect(off.map(\.label) == ["sms JPY: the closing, less what the grants owe", "sms JPY credits: the same"])
            #expect(off.map(\.difference) == [.money(-5, try #require(Currency("JPY"))), .integer(Int64(-1))])
        }
    }

    @Test("while agents work, what it closes on is what the grants owe at that moment")
    func atWork() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test)
            let ticket = try await shop.ticket(quantity: 2_000)
            let (settings, customer) = (try await shop.shop(), try await shop.store.customer(ofTicket: ticket, in: shop.id))
            let isOver = Mutex(false)
            async let spending: Void = {
                while !isOver.withLock({ $0 }) { guard try await shop.spend(ticket).isSuccess else { break } }
            }()
            var words = FinanceReportWords()
            words.customer = customer
            let result: Result<[ReportSummary], any Error>
            do {
                var summaries: [ReportSummary] = []
                for _ in 0..<5 {
                    let table = try FinanceReport.statement.table(shop.store, shop: settings, words: words).get()
                    summaries.append(try await table.stream(as: .csv) { _ in }.summary)
                }
                result = .success(summaries)
            } catch { result = .failure(error) }
            isOver.withLock { $0 = true }
            try await spending
            #expect(try result.get().allSatisfy { $0.checks.count == 6 && $0.isBalanced })
        }
    }
}

extension TestShop {
    /// A paid order of one package in another currency, and the ticket it opens.
    fileprivate func ticket(order number: Int64, productID: Int64, currency code: String) async throws -> TicketID {
        var order = TestShop.order(id: number, productID: productID, at: clock.now)
        order.currency = try #require(Currency(code))
        order.lines[0].total = Money(minorUnits: 4_900, currency: order.currency)
        order.lines[0].totalTax = .zero(order.currency)
        order.total = Money(minorUnits: 5_978, currency: order.currency)
        try await take([order])
        return try #require(try await store.tickets(TicketFilter(order: order.id), in: id).items.first).number
    }
}
