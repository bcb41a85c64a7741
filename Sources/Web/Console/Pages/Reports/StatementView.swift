import Domain
import FoundationEssentials
import Store
import Synchronization

/// A customer's statement on the reports' page, when the filter names one: like a bank's, of the period.
struct StatementView: Sendable {
    /// Changes that the page shows; the file has all.
    private static let rowsMax = 100

    let rows: [StatementRow]
    let closing: [(account: StatementAccount, balance: StatementBalance)]
    /// The last day that it is of.
    let end: CivilDay
    let localizer: Localizer

    static func data(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter) async throws -> PageData {
        guard let id = filter.customer else { return [:] }
        var data: PageData = [:]
        guard let customer = try await call.store.customer(id, in: visitor.shop.id) else {
            data.set("problem", call.text("reports.no_customer", ["number": id.description]))
            return data
        }
        var statement = try await load(call, visitor, filter, id).data
        statement["statement_title"] = .text(call.text("reports.statement_of", ["name": customer.name ?? "#\(id)"]))
        data["statement"] = .data(statement)
        return data
    }

    /// Reads all lines, because the closing is what is there after the last, and keeps as many as the page shows, and one.
    private static func load(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter, _ customer: CustomerID) async throws -> StatementView {
        let zone = visitor.shop.zone
        let asked = ReportFilter(
            since: zone.firstInstant(of: filter.from), until: zone.firstInstant(of: filter.through.adding(days: 1)), plan: filter.plan, channel: filter.channel,
            currency: filter.currency)
        let found = Mutex<[StatementRow]>([])
        let closing = StatementClosing()
        try await call.store.statement(of: visitor.shop, customer: customer, asked) { rows in
            closing.add(rows)
            found.withLock { found in
                let openings = found.count { $0.isOpening } + rows.count { $0.isOpening }
                found += rows.prefix(max(0, openings + rowsMax + 1 - found.count))
            }
        }
        let end = max(filter.from, min(filter.through, zone.day(of: call.store.clock())))
        return StatementView(rows: found.withLock { $0 }, closing: closing.all, end: end, localizer: call.localizer)
    }

    private var data: PageData {
        let changes = rows.filter { !$0.isOpening }
        var data: PageData = ["is_longer": .flag(changes.count > StatementView.rowsMax), "nothing_changed": .flag(changes.isEmpty)]
        guard !closing.isEmpty else { return data }
        let lines = rows.filter(\.isOpening).map(opening) + changes.prefix(StatementView.rowsMax).map(change)
        data["statement_rows"] = .data(["rows": .list(lines), "closing": .list(closing.map(closing))])
        return data
    }

    private func change(_ row: StatementRow) -> PageData {
        let kind = EntryKind(rawValue: row.kind)
        var line = balance(row.balance, of: row.account)
        line["at"] = .text(localizer.dayAndTime(row.at))
        line["ticket"] = .text(row.ticket?.description ?? "")
        line["what"] = .text(kind.map { localizer.text(family: "entry_kind", $0.rawValue) } ?? localizer.text("reports.revaluation"))
        line["change"] = .text(row.change.map(signed) ?? "")
        line["value"] = .text(row.value.map { money($0, row.account.currency) } ?? "")
        return line
    }

    private func opening(_ row: StatementRow) -> PageData { sum("reports.statement_opening", row.day, row.account, row.balance) }

    private func closing(_ account: StatementAccount, _ balance: StatementBalance) -> PageData { sum("reports.statement_closing", end, account, balance) }

    private func sum(_ key: String, _ day: CivilDay, _ account: StatementAccount, _ left: StatementBalance) -> PageData {
        let nothing: PageData = ["ticket": "", "change": "", "value": "", "is_sum": true, "at": .text(localizer.day(day)), "what": .text(localizer.text(key))]
        return nothing.merging(balance(left, of: account))
    }

    private func balance(_ balance: StatementBalance, of account: StatementAccount) -> PageData {
        [
            "statement_channel": .text(localizer.channel(account.channel)), "balance": .text(localizer.number(balance.credits)),
            "deferred": .text(money(balance.deferred, account.currency)),
        ]
    }

    private func money(_ minorUnits: Int64, _ currency: Currency) -> String { localizer.money(Money(minorUnits: minorUnits, currency: currency)) }
    private func signed(_ number: Int64) -> String { (number > 0 ? "+" : "") + localizer.number(number) }
}
