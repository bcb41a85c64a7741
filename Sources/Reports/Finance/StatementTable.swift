import Domain
import FoundationEssentials
import Store
import Synchronization

/// A customer's statement: what was there, what changed, and what is there, which must be what the grants owe.
enum StatementTable {
    private static let columns = [
        ReportColumn("at", .instant), ReportColumn("day", .day), ReportColumn("entry", .integer), ReportColumn("ticket", .integer),
        ReportColumn("channel", .text), ReportColumn("kind", .text), ReportColumn("change", .integer), ReportColumn("balance", .integer),
        ReportColumn("currency", .currency), ReportColumn("value", .money), ReportColumn("deferred", .money), ReportColumn("agent", .text),
        ReportColumn("order", .integer),
    ]
    private static let order = ["at", "entry", "channel", "currency", "order"]

    static func table(_ report: FinanceReportParts, customer: CustomerID) -> ReportTable {
        ReportTable("statement", columns: columns, order: order, parameters: report.parameters) { sink in
            // The lines, and what they are held against, are of one moment, or agents at work would look like a difference.
            try await report.store.atOneMoment { store in
                let closing = StatementClosing()
                try await store.statement(of: report.shop, customer: customer, report.filter) { rows in
                    closing.add(rows)
                    try await sink.push(rows.map(cells))
                }
                return summary(closing.all, owed: try await owed(store, report, customer))
            }
        }
    }

    /// What the customer's grants owe when the period ends.
    private static func owed(_ store: Store, _ report: FinanceReportParts, _ customer: CustomerID) async throws -> [StatementAccount: StatementBalance] {
        var filter = report.filter
        filter.customer = customer
        let sums = Mutex<[StatementAccount: StatementBalance]>([:])
        try await store.liability(of: report.shop, at: filter.end(now: store.clock()), filter) { rows in
            sums.withLock { sums in
                for row in rows {
                    let account = StatementAccount(channel: row.channel, currency: row.currency)
                    sums[account, default: StatementBalance()].credits += row.credits
                    sums[account, default: StatementBalance()].deferred += row.deferred
                }
            }
        }
        return sums.withLock { $0 }
    }

    private static func summary(
        _ closing: [(account: StatementAccount, balance: StatementBalance)], owed: [StatementAccount: StatementBalance]
    ) -> ReportSummary {
        var summary = ReportSummary()
        for (account, balance) in closing { summary.footings.append(ReportFooting("closing \(account)", cells(account, balance))) }
        let closed = Dictionary(uniqueKeysWithValues: closing.map { ($0.account, $0.balance) })
        for account in Set(closed.keys).union(owed.keys).sorted() {
            let (ours, grants) = (closed[account] ?? StatementBalance(), owed[account] ?? StatementBalance())
            let difference = ReportCell.money(ours.deferred - grants.deferred, account.currency)
            summary.checks.append(ReportCheck("\(account): the closing, less what the grants owe", difference: difference))
            summary.checks.append(ReportCheck("\(account) credits: the same", difference: .integer(ours.credits - grants.credits)))
        }
        return summary
    }

    private static func cells(_ account: StatementAccount, _ balance: StatementBalance) -> [ReportCell] {
        [
            .empty, .empty, .empty, .empty, .text(account.channel.rawValue), .empty, .empty, .integer(balance.credits), .currency(account.currency), .empty,
            .money(balance.deferred, account.currency), .empty, .empty,
        ]
    }

    private static func cells(_ row: StatementRow) -> [ReportCell] {
        let currency = row.account.currency
        return [
            .instant(row.at), .day(row.day), .integer(row.entry?.rawValue), .integer(row.ticket?.rawValue), .text(row.account.channel.rawValue), .text(row.kind),
            .integer(row.change), .integer(row.balance.credits), .currency(currency), row.value.map { .money($0, currency) } ?? .empty,
            .money(row.balance.deferred, currency), .text(row.agent), .integer(row.order?.rawValue),
        ]
    }
}
