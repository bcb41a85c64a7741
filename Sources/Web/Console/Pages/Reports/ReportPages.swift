import Domain
import FoundationEssentials
import HTTPTypes
import Reports
import Store

/// Finance's page: the figures of a period, whether they add up, and the files.
enum ReportPages {
    static let all: [PageRoute] = [
        .get("/reports", may: .report, show), .get("/reports/files/{report}/{format}", may: .report, file),
    ]

    private static func show(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        let today = visitor.shop.zone.day(of: call.store.clock())
        var (filter, problem): (ReportFilter, String?)
        do {
            (filter, problem) = (try ReportFilter(call.query, today: today), nil)
        } catch let refusal as Refusal {
            (filter, problem) = (try ReportFilter(.none, today: today), call.localizer.text(refusal))
        }
        var data = try await choices(call, visitor, filter)
        data["warnings"] = .list(try await warnings(call, visitor))
        data["files"] = .list(ReportFiles.all.map { $0.data(call, filter) })
        data.set("problem", problem)
        return try call.page("reports", title: "reports.title", status: problem == nil ? 200 : 422, data)
    }

    /// What the filter bar offers, and what is chosen of it.
    private static func choices(_ call: PageCall, _ visitor: Visitor, _ filter: ReportFilter) async throws -> PageData {
        let plans = try await call.store.plans(of: visitor.shop.id)
        var data = FinanceView.frame(filter, today: visitor.shop.zone.day(of: call.store.clock()), call.localizer)
        data["plans"] = .list(
            plans.map { ["code": .text($0.id.description), "name": .text($0.name), "chosen": .flag($0.id == filter.plan)] })
        data["filter_channels"] = .list(
            visitor.shop.channels.map {
                ["code": .text($0.rawValue), "name": .text(call.localizer.channel($0)), "chosen": .flag($0 == filter.channel)]
            })
        data["wide"] = true
        return data
    }

    /// What may be missing from the figures, and why.
    private static func warnings(_ call: PageCall, _ visitor: Visitor) async throws -> [PageData] {
        let status = try await call.store.feedStatus(visitor.shop)
        var warnings: [String] = []
        if let away = status.state?.awaySince { warnings.append(call.text("reports.away", ["time": call.localizer.dayAndTime(away)])) }
        if status.openRejects > 0 { warnings.append(call.text("reports.rejects", ["count": status.openRejects])) }
        return warnings.map { ["warning": .text($0)] }
    }

    private static func file(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let report = ReportFiles.named(call.places[0]), let format = ReportFormat(rawValue: String(call.places[1])), report.ways.contains(format)
        else { throw call.notFound }
        let filter = try ReportFilter(call.query, today: visitor.shop.zone.day(of: call.store.clock()))
        return try await report.reply(call, visitor, filter, format)
    }
}
