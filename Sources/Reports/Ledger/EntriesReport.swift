import Domain
import FoundationEssentials
import Store

/// Every row of a shop's ledger, as finance takes it along.
public struct EntriesReport: Sendable {
    private let store: Store
    let shop: Shop
    private let filter: EntryExportFilter
    /// What it was made from, for formats that have a place for it.
    let parameters: [ReportParameter]

    /// The period goes by `effective_at`, in days of the shop's zone.
    public init(
        _ store: Store, shop: Shop, period: ReportPeriod = .always, ticket: TicketID? = nil, channel: Channel? = nil, kind: String? = nil,
        plan: String? = nil, customer: CustomerID? = nil, agent: String? = nil, currency: Currency? = nil
    ) {
        self.store = store
        self.shop = shop
        var filter = EntryExportFilter(
            since: period.since(in: shop.zone), until: period.until(in: shop.zone), ticket: ticket, channel: channel, kind: kind)
        (filter.plan, filter.customer, filter.agent, filter.currency) = (plan, customer, agent, currency)
        self.filter = filter
        parameters = [
            ReportParameter("shop", .text(shop.slug)), ReportParameter("time_zone", .text(shop.timeZone)), ReportParameter("from", .day(period.from)),
            ReportParameter("through", .day(period.through)), ReportParameter("ticket", .integer(ticket?.rawValue)),
            ReportParameter("channel", .text(channel?.rawValue)), ReportParameter("kind", .text(kind)),
            ReportParameter("plan", .text(plan)), ReportParameter("customer", .integer(customer?.rawValue)), ReportParameter("agent", .text(agent)), ReportParameter("currency", .text(currency?.code)),
        ].filter { $0.value != .empty }
    }

    /// Reads the words of a command line or a query string; the refusal names the field. A channel need not be in use any more.
    public static func parse(
        _ store: Store, shop: Shop, words: FinanceReportWords, ticket: TicketID? = nil, kind: String? = nil
    ) -> Result<EntriesReport, Refusal> {
        if let refusal = words.refusal(shop) { return .failure(refusal) }
        if let kind, !kinds.contains(kind) {
            return .failure(.invalidField(field: "kind", expected: "one of \(kinds.joined(separator: ", "))"))
        }
        return ReportPeriod.parse(period: words.period, from: words.from, through: words.through).map { period in
            EntriesReport(
                store, shop: shop, period: period, ticket: ticket, channel: words.channel.flatMap(Channel.init(rawValue:)), kind: kind, plan: words.plan,
                customer: words.customer, agent: words.agent, currency: words.currency.flatMap { Currency($0) })
        }
    }

    /// What a row of the ledger may be: an entry's kind, or what an order's money changed.
    public static let kinds = EntryKind.allCases.map(\.rawValue) + [EntryExportFilter.revaluation]

    /// The names of the columns, in their order.
    public static let columns = [
        "entry", "shop", "ticket", "channel", "kind", "quantity", "balance_after", "value_minor", "currency", "effective_at", "effective_day", "recorded_at",
        "occurred_at", "agent", "reason", "reference", "note", "order", "line", "usage", "corrects", "hold", "for_ticket", "rule_version", "slices", "sold_minor",
        "refunded_minor", "recognised_minor", "deferred_minor",
    ]

    /// Writes the whole report and returns how many rows it has. Text comes in pieces of some 100 KiB, the header at once, the next one only after `write` has
    /// taken the last; a spreadsheet comes when all its rows are there. When `write` throws, or the task is cancelled, the database stops too.
    public func stream(as format: ReportFormat, write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        switch format {
        case .csv: try await stream(EntryText(EntryCSV(shop)), write)
        case .jsonLines: try await stream(EntryText(EntryJSONLines(shop)), write)
        case .excelCSV, .xlsx: try await table().stream(as: format, write: write).rows
        }
    }

    private func stream(_ text: EntryText, _ write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        if !text.heading.isEmpty { try await write(text.heading) }
        return try await records { try await write(try text.piece($0)) }
    }

    func records(_ write: @escaping @Sendable (EntryRecords) async throws -> Void) async throws -> Int {
        try await store.exportEntries(of: shop, filter, write: write)
    }
}
