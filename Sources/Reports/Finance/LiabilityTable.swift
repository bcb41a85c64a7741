import Domain
import FoundationEssentials
import Store

/// What is owed at an instant, with what expires ahead.
enum LiabilityTable {
    private static let columns = [
        ReportColumn("customer", .integer), ReportColumn("customer_name", .text), ReportColumn("ticket", .integer), ReportColumn("order", .integer),
        ReportColumn("plan", .text), ReportColumn("channel", .text), ReportColumn("grant", .integer), ReportColumn("credits", .integer),
        ReportColumn("currency", .currency), ReportColumn("deferred", .money), ReportColumn("expires_at", .instant), ReportColumn("within_30_days", .money),
        ReportColumn("within_60_days", .money), ReportColumn("within_90_days", .money),
    ]

    static func table(_ report: FinanceReportParts, at instant: Date) -> ReportTable {
        let parameters = report.parameters.filter { $0.name != "at" } + [ReportParameter("at", .instant(instant))]
        return ReportTable("liability", columns: columns, order: ["customer", "grant"], parameters: parameters) { sink in
            // The rows and the sum that they are held against are of one moment, or agents at work would look like a difference.
            try await report.store.atOneMoment { store in
                let sums = MoneySums(figures: 5)
                try await store.liability(of: report.shop, at: instant, report.filter) { rows in
                    for row in rows { sums.add(row.currency, [row.credits] + amounts(row)) }
                    try await sink.push(rows.map(cells))
                }
                var summary = ReportSummary()
                let moved = try await store.liabilityTotals(of: report.shop, at: instant, report.filter)
                for (currency, figures) in sums.all {
                    let money = figures.dropFirst().map { ReportCell.money($0, currency) }
                    summary.footings.append(
                        ReportFooting(
                            "total \(currency)",
                            [.empty, .empty, .empty, .empty, .empty, .empty, .empty, .integer(figures[0]), .currency(currency), money[0], .empty, money[1], money[2], money[3]]))
                }
                for total in moved {
                    let shown = sums.all.first { $0.currency == total.currency }?.figures ?? [0, 0]
                    summary.checks.append(
                        ReportCheck("\(total.currency): what moved until then, less what is owed", difference: .money(total.deferred - shown[1], total.currency)))
                    summary.checks.append(ReportCheck("\(total.currency) credits: the same", difference: .integer(total.credits - shown[0])))
                }
                return summary
            }
        }
    }

    /// What is deferred, and what of it is expired by then.
    private static func amounts(_ row: LiabilityRow) -> [Int64] {
        [row.deferred] + [30, 60, 90].map { days in (row.expiresInDays ?? .max) <= days ? row.deferred : 0 }
    }

    private static func cells(_ row: LiabilityRow) -> [ReportCell] {
        let money = amounts(row).map { ReportCell.money($0, row.currency) }
        return [
            .integer(row.customer.rawValue), .text(row.customerName), .integer(row.ticket.rawValue), .integer(row.order?.rawValue), .text(row.plan),
            .text(row.channel.rawValue), .integer(row.grant.rawValue), .integer(row.credits), .currency(row.currency), money[0], .instant(row.expiresAt),
            money[1], money[2], money[3],
        ]
    }
}
