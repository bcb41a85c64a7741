import Domain
import FoundationEssentials
import Store
import Synchronization

/// Every row of a shop's ledger, as finance takes it along.
public struct EntriesReport: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// RFC 4180 with a header, UTF-8 without a byte order mark; cells that a spreadsheet would run have an apostrophe in front.
        case csv
        /// One JSON object a line; nothing is changed in it.
        case jsonLines = "jsonl"

        public var contentType: String { self == .csv ? "text/csv; charset=utf-8; header=present" : "application/jsonl" }
        public var fileExtension: String { rawValue }
    }

    private let store: Store
    private let shop: Shop
    private let filter: EntryExportFilter
    /// What it was made from, for formats that have a place for it.
    let parameters: [ReportParameter]

    /// The period goes by `effective_at`, in days of the shop's zone.
    public init(
        _ store: Store, shop: Shop, period: ReportPeriod = .always, ticket: TicketID? = nil, channel: Channel? = nil, kind: String? = nil,
        plan: String? = nil, customer: CustomerID? = nil, currency: Currency? = nil
    ) {
        self.store = store
        self.shop = shop
        var filter = EntryExportFilter(
            since: period.since(in: shop.zone), until: period.until(in: shop.zone), ticket: ticket, channel: channel, kind: kind)
        (filter.plan, filter.customer, filter.currency) = (plan, customer, currency)
        self.filter = filter
        parameters = [
            ReportParameter("shop", .text(shop.slug)), ReportParameter("time_zone", .text(shop.timeZone)), ReportParameter("from", .day(period.from)),
            ReportParameter("through", .day(period.through)), ReportParameter("ticket", .integer(ticket?.rawValue)),
            ReportParameter("channel", .text(channel?.rawValue)), ReportParameter("kind", .text(kind)),
            ReportParameter("plan", .text(plan)), ReportParameter("customer", .integer(customer?.rawValue)), ReportParameter("currency", .text(currency?.code)),
        ].filter { $0.value != .empty }
    }

    /// Reads the words of a command line or a query string; the refusal names the field. A channel need not be in use any more.
    public static func parse(
        _ store: Store, shop: Shop, from: String? = nil, through: String? = nil, ticket: TicketID? = nil, channel: String? = nil,
        kind: String? = nil
    ) -> Result<EntriesReport, Refusal> {
        if let channel, Channel(rawValue: channel) == nil { return .failure(.unknownChannel(name: channel, known: shop.channels)) }
        if let kind, !kinds.contains(kind) {
            return .failure(.invalidField(field: "kind", expected: "one of \(kinds.joined(separator: ", "))"))
        }
        return ReportPeriod.parse(from: from, through: through).map { period in
            EntriesReport(
                store, shop: shop, period: period, ticket: ticket, channel: channel.flatMap(Channel.init(rawValue:)),
                kind: kind)
        }
    }

    /// What a row of the ledger may be: an entry's kind, or what an order's money changed.
    public static let kinds = EntryKind.allCases.map(\.rawValue) + [EntryExportFilter.revaluation]

    /// Writes the whole report and returns how many entries it has. The header comes at once, rows in chunks of some 64 KiB, the next one
    /// only after `write` has taken the last. When `write` throws, or the task is cancelled, the database stops too.
    public func stream(as format: Format, write: @escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Int {
        switch format {
        case .jsonLines:
            return try await store.exportEntries(of: shop, filter, as: .jsonLines, write: write)
        case .csv:
            try await write(Array((Store.entryExportColumns.joined(separator: ",") + "\r\n").utf8))
            let lines = LineEnds()
            return try await store.exportEntries(of: shop, filter, as: .csv) { try await write(lines.ended($0)) }
        }
    }

    /// The state between two pieces of one stream.
    private final class LineEnds: Sendable {
        private let lines = Mutex(CSVLines())
        func ended(_ piece: [UInt8]) -> [UInt8] { lines.withLock { $0.ended(piece) } }
    }
}
