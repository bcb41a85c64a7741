import Domain
import HTTPTypes
import Reports
import Store

/// Finance's files, streamed: what does not fit into memory is never there at once.
enum ReportRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/reports/entries", query: parameters,
            Operation(
                id: "reportEntries", tag: "reports",
                summary: "Every row of the shop's ledger in recording order. A file that ends without its last chunk is not whole.",
                success: .raw(200, [Reply.Content.csv.rawValue, Reply.Content.jsonLines.rawValue])),
            access: .token(.reportRead, entries))
    ]

    private static let day = Schema.text(7...10, pattern: "^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-8]))?$")

    private static let parameters: [QueryParameter] = [
        QueryParameter(name: "format", schema: .choice(EntriesReport.Format.allCases.map(\.rawValue)), note: "`csv` unless given."),
        QueryParameter(name: "from", schema: day, note: "The first day (2026-05-01) or month (2026-05), in the shop's zone."),
        QueryParameter(name: "through", schema: day, note: "The last day or month."),
        QueryParameter(name: "ticket", schema: .id, note: "Only this ticket's."),
        QueryParameter(name: "channel", schema: .channel, note: "Only this channel's."),
        QueryParameter(name: "kind", schema: .choice(EntryKind.allCases.map(\.rawValue)), note: "Only rows of this kind."),
    ]

    private static func entries(_ call: Call, _ identity: Identity) async throws -> Reply {
        let query = try call.query()
        let format = try query.choice("format", EntriesReport.Format.self) ?? .csv
        guard let shop = try await call.store.shop(identity.shop) else {
            throw Refusal.unknown(what: "shop", name: identity.shop.description)
        }
        let report = try EntriesReport.parse(
            call.store, shop: shop, from: query["from"], through: query["through"],
            ticket: try query.whole("ticket", in: 1...Int64.max).map(TicketID.init), channel: query["channel"], kind: query["kind"]
        ).get()
        return Reply(
            status: 200, content: format == .csv ? .csv : .jsonLines, body: .stream { _ = try await report.stream(as: format, write: $0) },
            headers: [(.contentDisposition, "attachment; filename=\"entries-\(shop.slug).\(format.fileExtension)\"")])
    }
}
