import Domain
import FoundationEssentials
import HTTPTypes
import Reports
import Store

/// A file that finance takes along from the console: the same rows as those of the API and the command line.
enum ReportFiles: Sendable, Hashable {
    case table(FinanceReport)
    /// The ledger.
    case entries
    case journal

    /// The form that a file is taken in; `quickbooks` and `xero` are of the journal alone.
    enum Way: Sendable, Hashable {
        case format(ReportFormat)
        case quickBooks, xero

        var name: String {
            switch self {
            case .format(let format): format.rawValue
            case .quickBooks: "quickbooks"
            case .xero: "xero"
            }
        }
    }

    static let all: [ReportFiles] = FinanceReport.allCases.map(ReportFiles.table) + [.entries, .journal]

    /// The statement is one customer's, and a journal is the shop's; an agent's are only those of usage.
    static func offered(_ filter: ReportPageFilter) -> [ReportFiles] {
        if filter.agent != nil { return all.filter(\.isByAgent) }
        return all.filter { $0 == .table(.statement) ? filter.customer != nil : $0 == .journal ? filter.customer == nil && filter.channel == nil : true }
    }

    /// Whether it can be of one agent alone.
    private var isByAgent: Bool { self == .table(.usage) || self == .table(.callsAvoided) || self == .entries }

    var name: String {
        switch self {
        case .table(let report): report.rawValue
        case .entries: "entries"
        case .journal: "journal"
        }
    }

    var ways: [Way] {
        switch self {
        case .table, .entries: ReportFormat.allCases.map(Way.format)
        case .journal: [.quickBooks, .xero]
        }
    }

    static func named(_ name: Substring) -> ReportFiles? { all.first { $0.name == name } }
    func way(_ name: Substring) -> Way? { ways.first { $0.name == name } }

    /// For the texts: names have hyphens, keys have none.
    var key: String { ReportFiles.key(name) }
    static let wayKeys = ReportFormat.allCases.map { key($0.rawValue) } + ["quickbooks", "xero"]
    static func key(_ name: String) -> String { name.replacing("-", with: "_") }

    func data(_ call: PageCall, _ filter: ReportPageFilter) -> PageData {
        [
            "file_name": .text(call.localizer.text(family: "report_name", key)), "file_about": .text(call.localizer.text(family: "report_about", key)),
            "ways": .list(
                ways.map { way in
                    [
                        "way_name": .text(call.localizer.text(family: "file_format", ReportFiles.key(way.name))),
                        "way_address": .text(filter.address("/reports/files/\(name)/\(way.name)")),
                    ]
                }),
        ]
    }

    /// Throws the refusal that names what cannot be had.
    func reply(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter, _ way: Way) async throws -> Reply {
        if filter.agent != nil, !isByAgent { throw Refusal.invalidField(field: "agent", expected: "no agent: only usage is by agents") }
        let label = "\(name)-\(visitor.shop.slug)-\(filter.from)-\(filter.through)"
        switch (self, way) {
        case (.table(let report), .format(let format)):
            let table = try report.table(call.store, shop: visitor.shop, words: words(report, filter, call, visitor)).get()
            return reply(label, format) { write in _ = try await table.stream(as: format, write: write) }
        case (.entries, .format(let format)):
            let report = EntriesReport(
                call.store, shop: visitor.shop, period: ReportPeriod(from: filter.from, through: filter.through), channel: filter.channel, plan: filter.plan,
                customer: filter.customer, agent: filter.agent, currency: filter.currency)
            return reply(label, format) { write in _ = try await report.stream(as: format, write: write) }
        case (.journal, .quickBooks): return try await journal(.quickBooks(.monthFirst), label, call, visitor, filter)
        case (.journal, .xero): return try await journal(.xero, label, call, visitor, filter)
        default: throw call.notFound
        }
    }

    /// What is owed has no period: it is asked for at the end of the day, or now when that is not over.
    private func words(_ report: FinanceReport, _ filter: ReportPageFilter, _ call: PageCall, _ visitor: Visitor) -> FinanceReportWords {
        var words = filter.words
        guard report == .liability else { return words }
        let isOver = filter.through < visitor.shop.zone.day(of: call.store.clock())
        (words.at, words.from, words.through) = (isOver ? filter.through.description : nil, nil, nil)
        return words
    }

    private func reply(
        _ label: String, _ format: ReportFormat, _ stream: @escaping @Sendable (@escaping @Sendable ([UInt8]) async throws -> Void) async throws -> Void
    ) -> Reply {
        Reply(
            status: 200, content: Reply.Content(rawValue: format.contentType) ?? .text, body: .stream(stream),
            headers: ReportFiles.attachment("\(label).\(format.fileExtension)"), policy: .page)
    }

    /// A journal for each month of the period, in one currency: a file of the accounting program has no more lines than it takes.
    private func journal(
        _ format: JournalFormat, _ label: String, _ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter
    ) async throws -> Reply {
        guard let (file, currency) = try await FinanceReport.journalFile(call.store, shop: visitor.shop, words: filter.words, as: format).get() else {
            throw call.notFound
        }
        return Reply(
            status: 200, content: .csv, body: .bytes(file.bytes), headers: ReportFiles.attachment("\(label)-\(format.name)-\(currency.code).csv"), policy: .page)
    }

    private static func attachment(_ name: String) -> [(name: HTTPField.Name, value: String)] {
        [(.contentDisposition, "attachment; filename=\"\(name)\"")]
    }
}
