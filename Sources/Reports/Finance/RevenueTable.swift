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
