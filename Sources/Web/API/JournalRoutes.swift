import Domain
import HTTPTypes
import Reports
import Store

/// Journals for accounting programs, as files that these import.
enum JournalRoutes {
    static let all: [Route] = [
        Route(
            .get, "/api/v1/reports/journal", query: parameters,
            Operation(
                id: "reportJournal", tag: "reports",
                summary: "A balanced journal for each month of a period, in one currency, as a file that an accounting program imports. "
                    + "Booked on the shop's accounts; of a closed month on those that it was closed with. 404 when there is nothing to book.",
                success: .raw(200, [Reply.Content.csv.rawValue]), refusals: [404]),
            access: .token(.reportRead, journal))
    ]

    /// The accounting programs.
    private enum Program: String, CaseIterable { case quickBooks = "quickbooks", xero }

    private static func journal(_ call: Call, _ identity: Identity) async throws -> Reply {
        let query = try call.query()
        guard let program = try query.choice("for", Program.self) else {
            throw Refusal.missingField(field: "for", expected: Program.allCases.map(\.rawValue).joined(separator: " or "))
        }
        guard let shop = try await call.store.shop(identity.shop) else { throw Refusal.unknown(what: "shop", name: identity.shop.description) }
        var words = FinanceReportWords()
        (words.period, words.from, words.through, words.currency) = (query["period"], query["from"], query["through"], query["currency"])
        let format: JournalFormat = program == .xero ? .xero : .quickBooks(.monthFirst)
        guard let (file, currency) = try await FinanceReport.journalFile(call.store, shop: shop, words: words, as: format).get() else {
            throw Refusal.unknown(what: "journal", name: words.period ?? words.from ?? words.through ?? "of any month")
        }
        return Reply(
            status: 200, content: .csv, body: .bytes(file.bytes),
            headers: [(.contentDisposition, "attachment; filename=\"journal-\(shop.slug)-\(format.name)-\(currency.code).csv\"")])
    }

    private static let parameters =
        [QueryParameter(name: "for", schema: .choice(Program.allCases.map(\.rawValue)), note: "The accounting program; it must be given.")]
        + ReportRoutes.period + [ReportRoutes.currency]
}
