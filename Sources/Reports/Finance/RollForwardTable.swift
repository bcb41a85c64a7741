import Domain
import Store

/// Opening + sold - used - expired - refunded ± adjusted = closing, computed and checked against what the grants have.
enum RollForwardTable {
    private static let names = ["opening", "sold", "used", "expired", "refunded", "adjusted", "closing"]

    private static func figures(_ part: RollForwardFigures) -> [Int64] {
        [part.opening, part.sold, part.used, part.expired, part.refunded, part.adjusted, part.closing]
    }

    static func table(_ report: FinanceReportParts) -> ReportTable {
        let columns = [ReportColumn("currency", .currency), ReportColumn("plan", .text), ReportColumn("channel", .text)]
            + names.map { ReportColumn("\($0)_credits", .integer) } + names.map { ReportColumn($0, .money) }
        return ReportTable("roll-forward", columns: columns, order: ["currency", "plan", "channel"], parameters: report.parameters) { sink in
            try await report.store.settleForReport()
            let rows = try await report.store.rollForward(of: report.shop, report.filter)
            try await sink.push(rows.map { row in cells(row.currency, .text(row.plan), .text(row.channel.rawValue), row.credits, row.money) })
            return summary(rows)
        }
    }

    private static func cells(
        _ currency: Currency, _ plan: ReportCell, _ channel: ReportCell, _ credits: RollForwardFigures, _ money: RollForwardFigures
    ) -> [ReportCell] {
        [.currency(currency), plan, channel] + figures(credits).map { .integer($0) } + figures(money).map { .money($0, currency) }
    }

    private static func summary(_ rows: [RollForwardRow]) -> ReportSummary {
        var summary = ReportSummary()
        for currency in Set(rows.map(\.currency)).sorted(by: { $0.code < $1.code }) {
            let own = rows.filter { $0.currency == currency }
            let credits = own.reduce(RollForwardFigures()) { $0 + $1.credits }
            let money = own.reduce(RollForwardFigures()) { $0 + $1.money }
            summary.footings.append(ReportFooting("total \(currency)", cells(currency, .empty, .empty, credits, money)))
            let rule = "opening + sold - used - expired - refunded + adjusted - closing"
            summary.checks.append(ReportCheck("\(currency) credits: \(rule)", difference: .integer(own.reduce(0) { $0 + abs($1.credits.difference) })))
            summary.checks.append(ReportCheck("\(currency): \(rule)", difference: .money(own.reduce(0) { $0 + abs($1.money.difference) }, currency)))
        }
        return summary
    }
}
