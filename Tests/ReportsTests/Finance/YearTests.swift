import Domain
import Foundation
import Postgres
import Reports
import Store
import Synchronization
import TestSupport
import Testing

/// `SUPPORTMETER_YEAR_ORDERS=100000 swift test --filter YearTests` lives the whole year.
@Suite("a year of finance ties to the cent")
struct YearTests {
    /// Larger years look at the liability grant by grant at so many instants only; at all 50 they look at its sums.
    private static let wholeLiabilitiesMax = GeneratedYear.ordersAsked > 5_000 ? 3 : 50
    private static let instants = 50

    @Test("a generated year: every footing is zero, every line's money is where it belongs, and an independent fold in Python says the same")
    func year() async throws {
        try await TestStore.with { test in
            let shop = try await TestShop.add(to: test, pooling: true)
            var year = try await GeneratedYear(shop, seed: 20)
            let log = YearLog()
            try await year.live(orders: GeneratedYear.ordersAsked, log)
            try await test.store.settleForReport()
            log.note("lived: \(year.done.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))")
            let verified = try await test.store.verify()
            #expect(verified.problem == nil)
            log.note("verified: \(verified.figures)")
            // A few orders are too few for everything.
            for what in Self.everything where GeneratedYear.ordersAsked >= GeneratedYear.ordersDefault { #expect(year.done[what, default: 0] > 0, "no \(what)") }

            let settings = try await shop.shop()
            try await foldedAlike(test.store, settings, from: year.firstInstant)
            log.note("folded by day")
            var random = SplitMix64(seed: 7)
            let seconds = shop.clock.now.timeIntervalSince(year.firstInstant)
            let instants = (0..<Self.instants).map { _ in
                Timestamp.rounded(year.firstInstant.addingTimeInterval(Double(random.upTo(1_000_000)) / 1_000_000 * seconds))
            } + [shop.clock.now]
            let months = YearMonth.all(from: year.firstInstant, through: shop.clock.now, zone: settings.zone)
            let fold = try await YearFold.make(test.store, settings, instants: instants, months: months)
            log.note("folded by Python: \(fold.rows) rows, \(fold.lines.count) lines looked at \(fold.looked) times")
            #expect(fold.problems == [])
            for (month, told) in zip(months, zip(fold.rollforward, fold.revenue)) {
                try await rollForward(test.store, settings, month, told: told.0)
                try await revenue(test.store, settings, month, told: told.1)
            }
            log.note("\(months.count) months compared")
            try await owed(test.store, settings, instants, told: fold.liability)
            log.note("what is owed compared at \(instants.count) instants")
            for (index, (instant, told)) in zip(instants, fold.liability).enumerated() {
                if index < Self.wholeLiabilitiesMax { try await liability(test.store, settings, instant, told: told) }
            }
            log.note("grants compared at \(min(instants.count, Self.wholeLiabilitiesMax)) instants")
            try await lines(test.store, settings, year.orders, fold)
            log.note("lines and orders compared")
        }
    }

    private static let everything = [
        "sold EUR", "sold USD", "sold JPY", "sold KWD", "refund by quantity", "refund by amount of a line", "refund by amount alone", "refund of the whole",
        "refund again", "refund deleted", "cancelled", "processing", "completed", "total edited", "quantity edited", "replay", "usage", "usage refused", "hold",
        "capture", "reversal", "goodwill", "correction", "transfer",
    ]

    /// Part of the ledger is in the totals by day, the rest is not: nobody may see it.
    private func foldedAlike(_ store: Store, _ settings: Shop, from start: Date) async throws {
        // Whole, and from a day within a month to a day within another.
        let first = settings.zone.day(of: start)
        let (since, until) = (settings.zone.firstInstant(of: first.adding(days: 40)), settings.zone.firstInstant(of: first.adding(days: 130)))
        func rollForwards() async throws -> [[RollForwardRow]] {
            [try await store.rollForward(of: settings, ReportFilter()), try await store.rollForward(of: settings, ReportFilter(since: since, until: until))]
        }
        // At the end of a month, in its first days and its last ones, and now.
        let month = settings.zone.firstInstant(of: first.adding(days: 120 - first.adding(days: 120).day + 1))
        let instants = [month.addingTimeInterval(-0.000_001), month.addingTimeInterval(3 * 86_400 + 1), month.addingTimeInterval(25 * 86_400 + 1), store.clock()]
        func ahead() async throws -> [[OwedAhead]] {
            var all: [[OwedAhead]] = []
            for instant in instants { all.append(try await store.owedAhead(of: settings, at: instant, ReportFilter(), ends: [30, 60, 90])) }
            return all
        }
        let unfolded = try await rollForwards()
        #expect(unfolded.allSatisfy { !$0.isEmpty })
        let owed = try await ahead()
        #expect(owed.allSatisfy { $0.count > 1 })
        let usage = try await usage(store, settings, by: [.month, .plan, .channel, .agent])
        #expect(!usage.isEmpty)
        // The first call notes how far the ledger goes; it is folded once no older transaction runs on the whole server, so it is asked again.
        var left = try await store.foldLedger(limit: 300)
        while left == 0 { left = try await store.foldLedger(limit: 300) }
        #expect(try await rollForwards() == unfolded)
        #expect(try await ahead() == owed)
        #expect(try await self.usage(store, settings, by: [.month, .plan, .channel, .agent]) == usage)
        while left > 0 { left = try await store.foldLedger() }
        #expect(try await rollForwards() == unfolded)
        #expect(try await ahead() == owed)
        #expect(try await self.usage(store, settings, by: [.month, .plan, .channel, .agent]) == usage)
        // By customer it is read from the ledger itself.
        let byCustomer = try await self.usage(store, settings, by: [.month, .customer])
        #expect(sums(byCustomer) == sums(usage))
    }

    private func usage(_ store: Store, _ settings: Shop, by dimensions: Set<UsageDimension>) async throws -> [UsageRow] {
        let all = Mutex<[UsageRow]>([])
        try await store.usageReport(of: settings, ReportFilter(), by: dimensions) { rows in all.withLock { $0 += rows } }
        return all.withLock { $0 }
    }

    private func sums(_ rows: [UsageRow]) -> [String: [Int64]] {
        Dictionary(rows.map { ("\($0.month.map(String.init(describing:)) ?? "") \($0.currency)", [$0.contacts, $0.credits, $0.value]) }) { zip($0, $1).map { $0 + $1 } }
    }

    private func rollForward(_ store: Store, _ settings: Shop, _ month: YearMonth, told: [String: [Int64]]) async throws {
        var sums: [String: [Int64]] = [:]
        for row in try await store.rollForward(of: settings, ReportFilter(since: month.since, until: month.until)) {
            #expect(row.credits.difference == 0 && row.money.difference == 0, "\(month) \(row)")
            let figures = [row.credits, row.money].flatMap { [$0.opening, $0.sold, $0.used, $0.expired, $0.refunded, $0.adjusted, $0.closing] }
            let key = "\(row.currency) \(row.channel)"
            sums[key] = zip(sums[key] ?? [Int64](repeating: 0, count: 14), figures).map { $0 + $1 }
        }
        #expect(sums.filter { $0.value.contains { $0 != 0 } } == told.filter { $0.value.contains { $0 != 0 } }, "\(month)")
    }

    private func revenue(_ store: Store, _ settings: Shop, _ month: YearMonth, told: [String: [Int64]]) async throws {
        let rows = try await store.revenue(of: settings, ReportFilter(since: month.since, until: month.until))
        let sums = Dictionary(rows.map { ($0.currency.code, [$0.sold, $0.usage, $0.breakage, $0.withdrawn, $0.corrected, $0.refunded]) }) { zip($0, $1).map { $0 + $1 } }
        #expect(sums.filter { $0.value.contains { $0 != 0 } } == told.filter { $0.value.contains { $0 != 0 } }, "\(month)")
    }

    /// What the grants have now, less what moved since each instant: not the sum of what moved until then, which is what the fold in Python says.
    private func owed(_ store: Store, _ settings: Shop, _ instants: [Date], told: [[String: [Int64]]]) async throws {
        let (id, sorted) = (settings.id, instants.sorted())
        let rows = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT \(sorted.count)::integer, g.currency, sum(g.remaining + g.held)::bigint, sum(g.value_minor - g.value_taken)::bigint
                  FROM credit_grant g WHERE g.shop_id = \(id)::bigint GROUP BY 2
                UNION ALL -- how many of the instants it comes after
                SELECT width_bucket(m.effective_at, ARRAY(SELECT t + interval '1 microsecond' FROM unnest(\(sorted)::timestamptz[]) AS t ORDER BY 1)), m.currency,
                       sum(m.used + m.expired + m.refunded - m.sold - m.adjusted)::bigint,
                       sum(m.used_minor + m.expired_minor + m.refunded_minor - m.sold_minor - m.adjusted_minor)::bigint
                  FROM ledger_move m WHERE m.shop_id = \(id)::bigint GROUP BY 1, 2
                """
            ) { row in (try row.next(Int.self), try row.next(String.self), [try row.next(Int64.self), try row.next(Int64.self)]) }
        }
        for (instant, told) in zip(instants, told) {
            let place = sorted.firstIndex(of: instant) ?? 0
            let owed = rows.filter { $0.0 > place }.reduce(into: [String: [Int64]]()) { $0[$1.1] = zip($0[$1.1] ?? [0, 0], $1.2).map { $0 + $1 } }
            #expect(owed.filter { $0.value != [0, 0] } == told.filter { $0.value != [0, 0] }, "\(instant)")
        }
    }

    private func liability(_ store: Store, _ settings: Shop, _ instant: Date, told: [String: [Int64]]) async throws {
        let sums = Mutex<[String: [Int64]]>([:])
        let spans = Mutex<[String: [Int64]]>([:])
        let customers = Mutex<[CustomerID: Set<LiabilityRow>]>([:])
        try await store.liability(of: settings, at: instant, ReportFilter()) { rows in
            for row in rows {
                #expect(row.deferred >= 0 || row.order != nil)
                let span = Self.span(row.expiresInDays)
                spans.withLock { $0[span] = zip($0[span] ?? [0, 0], [row.credits, row.deferred]).map { $0 + $1 } }
                customers.withLock { _ = $0[row.customer, default: []].insert(row) }
                sums.withLock { $0[row.currency.code] = zip($0[row.currency.code] ?? [0, 0], [row.credits, row.deferred]).map { $0 + $1 } }
            }
        }
        #expect(sums.withLock { $0.filter { $0.value != [0, 0] } } == told.filter { $0.value != [0, 0] }, "\(instant)")
        // The ledger's totals by expiry say the same as the grants.
        let ahead = try await store.owedAhead(of: settings, at: instant, ReportFilter(), ends: [30, 60, 90])
        let shown = Dictionary(ahead.map { (Self.span($0.days), [$0.credits, $0.deferred]) }) { zip($0, $1).map { $0 + $1 } }
        #expect(shown.filter { $0.value != [0, 0] } == spans.withLock { $0.filter { $0.value != [0, 0] } }, "\(instant)")
        // A customer's own are those that all have of him.
        for (customer, own) in customers.withLock({ $0 }).sorted(by: { $0.key < $1.key }).prefix(3) {
            let alone = Mutex<Set<LiabilityRow>>([])
            try await store.liability(of: settings, at: instant, ReportFilter(customer: customer)) { rows in alone.withLock { $0.formUnion(rows) } }
            #expect(alone.withLock { $0 } == own, "\(instant), customer \(customer)")
            let totals = try await store.liabilityTotals(of: settings, at: instant, ReportFilter(customer: customer))
            #expect(totals.reduce(0) { $0 + $1.credits } == own.reduce(0) { $0 + $1.credits } && totals.reduce(0) { $0 + $1.deferred } == own.reduce(0) { $0 + $1.deferred })
        }
    }

    private static func span(_ days: Int64?) -> String { days.map { $0 <= 30 ? "30" : $0 <= 60 ? "60" : $0 <= 90 ? "90" : "later" } ?? "never" }

    /// The lines' books in the database are what the fold says; each line was sold for what the shop says its total is; no order's books differ.
    private func lines(_ store: Store, _ settings: Shop, _ orders: [ShopOrder], _ fold: YearFold) async throws {
        let id = settings.id
        let books = try await store.pool.read { connection in
            try connection.query(
                """
                SELECT v.order_id || '/' || v.line_id, sum(v.sold)::bigint, sum(v.refunded)::bigint,
                       (SELECT coalesce(sum(g.value_minor - g.value_taken), 0) FROM credit_grant g
                         WHERE g.shop_id = v.shop_id AND g.order_id = v.order_id AND g.line_id = v.line_id)::bigint
                  FROM line_value v GROUP BY v.shop_id, v.order_id, v.line_id
                """
            ) { row in (try row.next(String.self), [try row.next(Int64.self), try row.next(Int64.self), try row.next(Int64.self)]) }
        }
        #expect(books.count > orders.count * 3 / 4)
        for (line, figures) in books { #expect((fold.lines[line] ?? [0, 0, 0, 0, 0]).enumerated().filter { [0, 3, 4].contains($0.offset) }.map(\.element) == figures, "line \(line)") }
        let known = try await store.pool.read { connection in
            try connection.query("SELECT order_id, modified_at, total_minor FROM shop_order WHERE shop_id = \(id)::bigint ORDER BY order_id") { row in
                (id: try row.next(OrderID.self), at: try row.next(Date.self), total: try row.next(Int64.self))
            }
        }
        #expect(known.count == orders.count)
        for (known, order) in zip(known, orders) {
            #expect(known == (order.id, order.modifiedAt, order.total.minorUnits), "order \(order.id) is not what the shop has")
        }
        let totals = Dictionary(orders.flatMap { order in order.lines.map { ("\(order.id)/\($0.id)", $0.total.minorUnits) } }) { $1 }
        for (line, figures) in books { #expect(totals[line] == figures[0], "line \(line) was sold for \(figures[0])") }
        let seen = Mutex(0)
        try await store.ordersReport(of: settings, ReportFilter()) { rows in
            for row in rows { #expect(row.mismatch?.contains("books-differ") != true, "order \(row.order)") }
            seen.withLock { $0 += rows.count }
        }
        #expect(seen.withLock { $0 } == orders.count)
    }
}
