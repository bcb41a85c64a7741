import Domain
import FoundationEssentials
import Store
import Synchronization

/// A customer's statement on the reports' page, when the filter names one: like a bank's, of the period.
enum StatementView {
    /// Rows that the page shows; the file has all.
    private static let rowsMax = 100

    static func data(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter) async throws -> PageData {
        guard let id = filter.customer else { return [:] }
        var data: PageData = ["customer_code": .text(id.description)]
        guard let customer = try await call.store.customer(id, in: visitor.shop.id) else {
            data.set("problem", call.text("reports.no_customer", ["number": id.description]))
            return data
        }
        let zone = visitor.shop.zone
        let asked = ReportFilter(
            since: zone.firstInstant(of: filter.from), until: zone.firstInstant(of: filter.through.adding(days: 1)), plan: filter.plan, channel: filter.channel,
            currency: filter.currency)
        let found = Mutex<[StatementRow]>([])
        try await call.store.statement(of: visitor.shop, customer: id, asked) { rows in
            found.withLock { found in found += rows.prefix(max(0, rowsMax + 1 - found.count)) }
        }
        let rows = found.withLock { $0 }
        var statement: PageData = [
            "statement_title": .text(call.text("reports.statement_of", ["name": customer.name ?? "#\(id)"])), "is_longer": .flag(rows.count > rowsMax),
        ]
        if !rows.isEmpty { statement["statement_rows"] = .data(["rows": .list(rows.prefix(rowsMax).map { row($0, call.localizer) })]) }
        data["statement"] = .data(statement)
        return data
    }

    private static func row(_ row: StatementRow, _ localizer: Localizer) -> PageData {
        let kind = EntryKind(rawValue: row.kind)
        return [
            "at": .text(localizer.dayAndTime(row.at)), "ticket": .text(row.ticket.description), "statement_channel": .text(localizer.channel(row.channel)),
            "what": .text(kind.map { localizer.text(family: "entry_kind", $0.rawValue) } ?? localizer.text("reports.revaluation")),
            "change": .text(signed(row.change, localizer)), "balance": .text(localizer.number(row.balance)),
            "value": .text(localizer.money(Money(minorUnits: row.value, currency: row.currency))),
        ]
    }

    private static func signed(_ number: Int64, _ localizer: Localizer) -> String { (number > 0 ? "+" : "") + localizer.number(number) }
}
