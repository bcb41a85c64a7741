import Domain
import FoundationEssentials
import HTTPTypes
import Reports
import Store

/// The files that finance takes along from the console: the same as those of the API and the command line.
struct ReportFiles: Sendable {
    /// As in the address and the file's name.
    let name: String
    let ways: [ReportFormat]
    let stream: @Sendable (PageCall, Visitor, ReportFilter, ReportFormat) async throws -> Reply.Body

    /// For the texts of a report: names have hyphens, keys have none.
    var key: String { ReportFiles.key(name) }

    static let formats = ReportFormat.allCases.map { key($0.rawValue) }
    static func key(_ name: String) -> String { name.replacing("-", with: "_") }

    static let all: [ReportFiles] = [
        ReportFiles(name: "entries", ways: [.csv, .jsonLines]) { call, visitor, filter, format in
            let report = EntriesReport(
                call.store, shop: visitor.shop, period: ReportPeriod(from: filter.from, through: filter.through), channel: filter.channel)
            return .stream { write in _ = try await report.stream(as: format == .jsonLines ? .jsonLines : .csv, write: write) }
        }
    ]

    static func named(_ name: Substring) -> ReportFiles? { all.first { $0.name == name } }

    func reply(_ call: PageCall, _ visitor: Visitor, _ filter: ReportFilter, _ format: ReportFormat) async throws -> Reply {
        let file = "\(name)-\(visitor.shop.slug)-\(filter.from)-\(filter.through).\(format.fileExtension)"
        return Reply(
            status: 200, content: Reply.Content(rawValue: format.contentType) ?? .text, body: try await stream(call, visitor, filter, format),
            headers: [(.contentDisposition, "attachment; filename=\"\(file)\"")], policy: .page)
    }

    func data(_ call: PageCall, _ filter: ReportFilter) -> PageData {
        [
            "file_name": .text(call.localizer.text(family: "report_name", key)), "file_about": .text(call.localizer.text(family: "report_about", key)),
            "ways": .list(
                ways.map { format in
                    [
                        "way_name": .text(call.localizer.text(family: "file_format", ReportFiles.key(format.rawValue))),
                        "way_address": .text(filter.address("/reports/files/\(name)/\(format.rawValue)")),
                    ]
                }),
        ]
    }
}
