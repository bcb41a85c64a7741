import Domain
import HTTPTypes
import Reports
import Store

/// Finance's files, streamed: what does not fit into memory is never there at once.
enum ReportRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/reports/entries", query: parametersOfEntries,
            Operation(
                id: "reportEntries", tag: "reports",
                summary: "Every row of the shop's ledger in recording order. A file that ends without its last chunk is not whole.",
                success: .raw(200, [Reply.Content.csv.rawValue, Reply.Content.jsonLines.rawValue, Reply.Content.xlsx.rawValue])),
            access: .token(.reportRead, entries))
    ] + FinanceReport.allCases.map(route)

    private static func route(_ report: FinanceReport) -> Route {
        Route(
            .get, "/api/v1/reports/\(report.rawValue)", query: parameters(of: report),
            Operation(
                id: "report" + report.rawValue.split(separator: "-").map(\.capitalized).joined(), tag: "reports",
                summary: report.summary + " A file that ends without its last chunk is not whole.",
                success: .raw(200, [Reply.Content.csv.rawValue, Reply.Content.jsonLines.rawValue, Reply.Content.xlsx.rawValue])),
            access: .token(.reportRead) { try await finance(report, $0, $1) })
    }

    private static func finance(_ report: FinanceReport, _ call: Call, _ identity: Identity) async throws -> Reply {
        let query = try call.query()
        let format = try query.choice("format", ReportFormat.self) ?? .csv
        guard let shop = try await call.store.shop(identity.shop) else {
            throw Refusal.unknown(what: "shop", name: identity.shop.description)
        }
        let table = try report.table(call.store, shop: shop, words: words(query)).get()
        return reply(report.rawValue, shop, format) { _ = try await table.stream(as: format, write: $0) }
    }

    private static func entries(_ call: Call, _ identity: Identity) async throws -> Reply {
        let query = try call.query()
        let format = try query.choice("format", ReportFormat.self) ?? .csv
        guard let shop = try await call.store.shop(identity.shop) else {
            throw Refusal.unknown(what: "shop", name: identity.shop.description)
        }
        let ticket = try query.whole("ticket", in: 1...Int64.max).map(TicketID.init)
        let report = try EntriesReport.parse(call.store, shop: shop, words: words(query), ticket: ticket, kind: query["kind"]).get()
        return reply("entries", shop, format) { _ = try await report.stream(as: format, write: $0) }
    }

    private static func words(_ query: Query) throws -> FinanceReportWords {
        var words = FinanceReportWords()
        (words.period, words.from, words.through) = (query["period"], query["from"], query["through"])
        (words.plan, words.channel, words.agent, words.currency) = (query["plan"], query["channel"], query["agent"], query["currency"])
        words.customer = try query.whole("customer", in: 1...Int64.max).map(CustomerID.init)
        (words.at, words.by) = (query["at"], query["by"])
        return words
    }

    private static func reply(
        _ name: String, _ shop: Shop, _ format: ReportFormat,
        _ stream: @escaping @Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void
    ) -> Reply {
        let content: Reply.Content =
            switch format {
            case .csv, .excelCSV: .csv
            case .jsonLines: .jsonLines
            case .xlsx: .xlsx
            }
        return Reply(
            status: 200, content: content, body: .stream(stream),
            headers: [(.contentDisposition, "attachment; filename=\"\(name)-\(shop.slug).\(format.fileExtension)\"")])
    }

    private static func parameters(of report: FinanceReport) -> [QueryParameter] {
        var own = filters
        if report == .liability {
            own.append(QueryParameter(name: "at", schema: .text(7...40), note: "The end of a day or month, or an instant; now unless given."))
        } else {
            own += period
        }
        if report == .usage || report == .callsAvoided { own.append(agent) }
        if report == .usage { own.append(QueryParameter(name: "by", schema: .text(1...100), note: "What it is added up by, with commas: month,channel unless given.")) }
        return own
    }

    private static let filters = [
        QueryParameter(name: "format", schema: .choice(ReportFormat.allCases.map(\.rawValue)), note: "`csv` unless given."),
        QueryParameter(name: "plan", schema: .text(1...200), note: "Only this plan's, by name."),
        QueryParameter(name: "channel", schema: .channel, note: "Only this channel's."),
        QueryParameter(name: "customer", schema: .id, note: "Only this customer's."),
        currency,
    ]

    static let currency = QueryParameter(name: "currency", schema: .text(3...3, pattern: "^[A-Z]{3}$"), note: "Only what is in this currency.")

    static let period = [
        QueryParameter(
            name: "period", schema: .text(4...10, pattern: "^[0-9]{4}(-(Q[1-4]|W[0-5][0-9]|(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?))?$"),
            note: "A day, week (2026-W22), month, quarter (2026-Q2) or year, in the shop's zone."),
        QueryParameter(name: "from", schema: day, note: "Or the first day or month."),
        QueryParameter(name: "through", schema: day, note: "And the last day or month."),
    ]

    private static let agent = QueryParameter(name: "agent", schema: .text(1...200), note: "Only this agent's.")

    private static let day = Schema.text(7...10, pattern: "^[0-9]{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?$")

    private static let parametersOfEntries = filters + period + [
        agent, QueryParameter(name: "ticket", schema: .id, note: "Only this ticket's."),
        QueryParameter(name: "kind", schema: .choice(EntriesReport.kinds), note: "Only rows of this kind."),
    ]
}
