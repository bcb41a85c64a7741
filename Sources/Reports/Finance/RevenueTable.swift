import Domain
import Store

/// Revenue by month.
enum RevenueTable {
    private static let names = ["sold", "usage", "breakage", "withdrawn", "corrected", "revenue", "refunded", "deferred"]
    private static let columns = [ReportColumn("currency", .currency), ReportColumn("month", .day)] + names.map { ReportColumn($0, .money) }

    static func table(_ report: FinanceReportParts) -> ReportTable {
        ReportTable("revenue", columns: columns, order: ["currency", "month"], parameters: report.parameters) { sink in
            try await report.store.settleForReport()
            let rows = try await report.store.revenue(of: report.shop, report.filter)
            try await sink.push(rows.map { cells($0.currency, .day($0.month), figures($0)) })
            let sums = MoneySums(figures: names.count)
            for row in rows { sums.add(row.currency, figures(row)) }
            return ReportSummary(
                footings: sums.all.map { ReportFooting("total \($0)", cells($0, .empty, $1)) },
                checks: sums.all.map { currency, sum in
                    ReportCheck("\(currency): sold - revenue - refunded - deferred", difference: .money(sum[0] - sum[5] - sum[6] - sum[7], currency))
                })
        }
    }

    private static func figures(_ row: RevenueRow) -> [Int64] {
        [row.sold, row.usage, row.breakage, row.withdrawn, row.corrected, row.revenue, row.refunded, row.deferred]
    }

    private static func cells(_ currency: Currency, _ month: ReportCell, _ figures: [Int64]) -> [ReportCell] {
        [.currency(currency), month] + figures.map { .money($0, currency) }
    }
}

/// The accounts that journals book on, as the accounting program knows them.
public struct JournalAccounts: Sendable, Hashable {
    public var clearing = "Sales clearing"
    public var contractLiability = "Contract liability"
    public var usageRevenue = "Support revenue"
    public var breakageRevenue = "Support revenue: breakage"
    public var otherRevenue = "Support revenue: refunds and corrections"

    public init() {}

    /// The shop's own, and the standard names where it has set none.
    public init(_ settings: JournalSettings) {
        clearing = settings.clearing ?? clearing
        contractLiability = settings.liability ?? contractLiability
        usageRevenue = settings.usageRevenue ?? usageRevenue
        breakageRevenue = settings.breakageRevenue ?? breakageRevenue
        otherRevenue = settings.otherRevenue ?? otherRevenue
    }
}

extension FinanceReport {
    /// A journal for each month and currency of the period: what was sold is owed, what was used or expired is revenue, what went back is owed no longer.
    public static func journals(
        _ store: Store, shop: Shop, words: FinanceReportWords, accounts: JournalAccounts = JournalAccounts()
    ) async throws -> Result<[Journal], Refusal> {
        guard case .success(let period) = ReportPeriod.parse(period: words.period, from: words.from, through: words.through) else {
            return ReportPeriod.parse(period: words.period, from: words.from, through: words.through).map { _ in [] }
        }
        try await store.settleForReport()
        let filter = ReportFilter(since: period.since(in: shop.zone), until: period.until(in: shop.zone), plan: words.plan)
        return .success(try await store.revenue(of: shop, filter).map { journal($0, accounts) })
    }

    static func journal(_ row: RevenueRow, _ accounts: JournalAccounts) -> Journal {
        let month = row.month.description.prefix(7)
        let next = row.month.adding(days: 31)
        let last = CivilDay(year: next.year, month: next.month, day: 1)?.adding(days: -1) ?? row.month
        func pair(_ debit: String, _ credit: String, _ amount: Int64, _ memo: String) -> [JournalLine] {
            [JournalLine(account: debit, .debit, minorUnits: amount, memo: memo), JournalLine(account: credit, .credit, minorUnits: amount, memo: memo)]
        }
        let lines =
            pair(accounts.clearing, accounts.contractLiability, row.sold, "Credits sold \(month)")
            + pair(accounts.contractLiability, accounts.usageRevenue, row.usage, "Credits used \(month)")
            + pair(accounts.contractLiability, accounts.breakageRevenue, row.breakage, "Credits expired \(month)")
            + pair(accounts.contractLiability, accounts.otherRevenue, row.withdrawn + row.corrected, "Corrections and refunds beyond unused credits \(month)")
            + pair(accounts.contractLiability, accounts.clearing, row.refunded, "Refunded \(month)")
        return Journal(number: "SM-\(month)-\(row.currency)", day: last, currency: row.currency, narration: "Support credits \(month)", lines: lines)
    }
}
