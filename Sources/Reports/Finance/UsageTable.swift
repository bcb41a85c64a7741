import Domain
import Store

/// Usage added up.
enum UsageTable {
    /// By month and channel unless said otherwise.
    static func dimensions(_ words: String?) -> Result<[UsageDimension], Refusal> {
        guard let words else { return .success([.month, .channel]) }
        let found = words.split(separator: ",", omittingEmptySubsequences: false).map { UsageDimension(rawValue: String($0)) }
        guard !found.contains(nil), !found.isEmpty else {
            return .failure(.invalidField(field: "by", expected: "some of " + UsageDimension.allCases.map(\.rawValue).joined(separator: ",")))
        }
        let asked = Set(found.compactMap { $0 })
        return .success(UsageDimension.allCases.filter(asked.contains))
    }

    static func table(_ report: FinanceReportParts, by dimensions: [UsageDimension]) -> ReportTable {
        let columns = dimensions.flatMap(headings) + [
            ReportColumn("currency", .currency), ReportColumn("contacts", .integer), ReportColumn("credits", .integer), ReportColumn("value", .money),
        ]
        return ReportTable("usage", columns: columns, order: dimensions.map(\.rawValue) + ["currency"], parameters: report.parameters) { sink in
            try await report.store.settleForReport()
            let sums = MoneySums(figures: 3)
            try await report.store.usageReport(of: report.shop, report.filter, by: Set(dimensions)) { rows in
                for row in rows { sums.add(row.currency, [row.contacts, row.credits, row.value]) }
                try await sink.push(rows.map { row in dimensions.flatMap { cells($0, row) } + figures(row.currency, row.contacts, row.credits, row.value) })
            }
            let empty = dimensions.flatMap(headings).map { _ in ReportCell.empty }
            return ReportSummary(footings: sums.all.map { ReportFooting("total \($0)", empty + figures($0, $1[0], $1[1], $1[2])) })
        }
    }

    private static func figures(_ currency: Currency, _ contacts: Int64, _ credits: Int64, _ value: Int64) -> [ReportCell] {
        [.currency(currency), .integer(contacts), .integer(credits), .money(value, currency)]
    }

    private static func headings(_ dimension: UsageDimension) -> [ReportColumn] {
        switch dimension {
        case .month: [ReportColumn("month", .day)]
        case .customer: [ReportColumn("customer", .integer), ReportColumn("customer_name", .text)]
        default: [ReportColumn(dimension.rawValue, .text)]
        }
    }

    private static func cells(_ dimension: UsageDimension, _ row: UsageRow) -> [ReportCell] {
        switch dimension {
        case .month: [.day(row.month)]
        case .plan: [.text(row.plan)]
        case .channel: [.text(row.channel?.rawValue)]
        case .customer: [.integer(row.customer?.rawValue), .text(row.customerName)]
        case .agent: [.text(row.agent)]
        case .category: [.text(row.category)]
        }
    }
}
