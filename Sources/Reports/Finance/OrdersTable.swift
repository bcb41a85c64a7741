import Domain
import Store

/// Every order of the shop.
enum OrdersTable {
    private static let columns = [
        ReportColumn("order", .integer), ReportColumn("number", .text), ReportColumn("created", .day), ReportColumn("paid", .day),
        ReportColumn("status", .text), ReportColumn("currency", .currency), ReportColumn("total", .money), ReportColumn("sold", .money),
        ReportColumn("refunded", .money), ReportColumn("deferred", .money), ReportColumn("tickets", .text), ReportColumn("granted", .integer),
        ReportColumn("revoked", .integer), ReportColumn("used", .integer), ReportColumn("shortfall", .integer), ReportColumn("mismatch", .text),
    ]

    static func table(_ report: FinanceReportParts) -> ReportTable {
        ReportTable("orders", columns: columns, order: ["order"], parameters: report.parameters) { sink in
            try await report.store.settleForReport()
            let sums = MoneySums(figures: 8)
            try await report.store.ordersReport(of: report.shop, report.filter) { rows in
                for row in rows { sums.add(row.currency, money(row) + credits(row)) }
                try await sink.push(rows.map(cells))
            }
            return ReportSummary(
                footings: sums.all.map { currency, sum in
                    ReportFooting(
                        "total \(currency)",
                        [.empty, .empty, .empty, .empty, .empty, .currency(currency)] + sum.prefix(4).map { .money($0, currency) } + [.empty]
                            + sum.dropFirst(4).map { .integer($0) } + [.empty])
                })
        }
    }

    private static func money(_ row: OrderReportRow) -> [Int64] { [row.total, row.sold, row.refunded, row.deferred] }
    private static func credits(_ row: OrderReportRow) -> [Int64] { [row.granted, row.revoked, row.used, row.shortfall] }

    private static func cells(_ row: OrderReportRow) -> [ReportCell] {
        [.integer(row.order.rawValue), .text(row.number), .day(row.created), .day(row.paid), .text(row.status), .currency(row.currency)]
            + money(row).map { .money($0, row.currency) } + [.text(row.tickets)] + credits(row).map { .integer($0) } + [.text(row.mismatch)]
    }
}

/// What contacts would have cost by the premium line: an estimate, and named one.
enum CallsAvoidedTable {
    private static let columns = [
        ReportColumn("month", .day), ReportColumn("channel", .text), ReportColumn("contacts", .integer), ReportColumn("currency", .currency),
        ReportColumn("tariff", .money), ReportColumn("estimate", .money),
    ]

    static func table(_ report: FinanceReportParts) -> ReportTable {
        let shop = report.shop
        let notes = [ReportParameter("this_is", .text("an estimate: contacts handled here, times the shop's own tariff of its premium line"))]
        return ReportTable("calls-avoided", columns: columns, order: ["month", "channel"], parameters: report.parameters + notes) { sink in
            try await report.store.settleForReport()
            let contacts = ContactSums()
            try await report.store.usageReport(of: shop, report.filter, by: [.month, .channel]) { rows in
                for row in rows { if let month = row.month, let channel = row.channel { contacts.add(month, channel, row.contacts) } }
            }
            let closings = try await report.store.periods(of: shop.id)
            let rows = contacts.all.map { (row: $0, tariff: tariff(of: $0.month, shop, closings)) }
            try await sink.push(rows.map { row, tariff in
                cells(.day(row.month), .text(row.channel.rawValue), row.contacts, tariff, tariff.map { $0 * row.contacts }, shop.currency)
            })
            let isEstimated = rows.allSatisfy { $0.tariff != nil }
            let estimate = rows.reduce(0) { $0 + ($1.tariff ?? 0) * $1.row.contacts }
            let contactsOfAll = rows.reduce(0) { $0 + $1.row.contacts }
            return ReportSummary(footings: [ReportFooting("total", cells(.empty, .empty, contactsOfAll, nil, isEstimated ? estimate : nil, shop.currency))])
        }
    }

    /// The shop's own, but of a closed month what it was when the month was closed.
    private static func tariff(of month: CivilDay, _ shop: Shop, _ closings: [PeriodView]) -> Int64? {
        let closing = closings.closing(of: month)
        return closing == nil ? shop.premiumCallMinor : closing?.premiumCallMinor
    }

    private static func cells(
        _ month: ReportCell, _ channel: ReportCell, _ contacts: Int64, _ tariff: Int64?, _ estimate: Int64?, _ currency: Currency
    ) -> [ReportCell] {
        [month, channel, .integer(contacts), .currency(currency)] + [tariff, estimate].map { $0.map { .money($0, currency) } ?? .empty }
    }
}
