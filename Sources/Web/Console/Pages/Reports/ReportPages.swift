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
        let (filter, problem): (ReportPageFilter, String?)
        do {
            (filter, problem) = (try ReportPageFilter(call.query, today: today), nil)
        } catch let refusal as Refusal {
            (filter, problem) = (try ReportPageFilter(.none, today: today), call.localizer.text(refusal))
        }
        async let figures = figures(call, visitor, filter)
        var data = try await choices(call, visitor, filter).merging(try await figures)
        let books = try await call.store.books(of: visitor.shop.id, from: filter.from, through: filter.through)
        data = data.merging(BooksNotice.data(call, visitor, filter, books))
        data["warnings"] = .list(try await warnings(call, visitor, filter, isFinal: books.allSatisfy { $0.state == .closed }))
        data["files"] = .list(ReportFiles.offered(filter).map { $0.data(call, filter) })
        data.set("problem", problem)
        return try call.page("reports", title: "reports.title", status: problem == nil ? 200 : 422, data)
    }

    /// Those of the agent who was asked for, else of the shop, with the customer's statement where it is of one.
    private static func figures(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter) async throws -> PageData {
        if let agent = filter.agent {
            let overview = try await AgentOverview.load(call.store, shop: visitor.shop, agent: agent, filter.question)
            return AgentView(overview: overview, localizer: call.localizer).data
        }
        let overview = try await FinanceOverview.load(call.store, shop: visitor.shop, filter.question)
        return FinanceView(overview: overview, localizer: call.localizer).data.merging(try await StatementView.data(call, visitor, filter))
    }

    /// What the filter bar offers, and what is chosen of it.
    private static func choices(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter) async throws -> PageData {
        let plans = try await call.store.plans(of: visitor.shop.id).sorted { $0.name < $1.name }
        var data = FinanceView.frame(filter, today: visitor.shop.zone.day(of: call.store.clock()), call.localizer)
        data["plans"] = .list(
            plans.map { ["code": .text($0.name), "name": .text($0.name), "chosen": .flag($0.name == filter.plan)] })
        data["filter_channels"] = .list(
            visitor.shop.channels.map {
                ["code": .text($0.rawValue), "name": .text(call.localizer.channel($0)), "chosen": .flag($0 == filter.channel)]
            })
        let zone = visitor.shop.zone
        let period = ReportFilter(since: zone.firstInstant(of: filter.from), until: zone.firstInstant(of: filter.through.adding(days: 1)))
        let agents = try await call.store.usageAgents(of: visitor.shop, period, limit: agentsMax)
        data["agents"] = .list(agents.map { ["name": .text($0)] })
        data["agent_name"] = .text(filter.agent ?? "")
        data["customer_code"] = .text(filter.customer?.description ?? "")
        data["paper_shop"] = .text(visitor.shop.name)
        data["paper_filter"] = .text(paperFilter(call, filter))
        data["wide"] = true
        return data
    }

    /// Names of agents that the filter bar proposes; any other can be typed.
    private static let agentsMax = 200

    /// What a printed page is of, since the filter bar is not on it, and when it was printed.
    private static func paperFilter(_ call: PageCall, _ filter: ReportPageFilter) -> String {
        let chosen = [
            ("reports.plan", filter.plan), ("reports.channel", filter.channel.map(call.localizer.channel)), ("reports.customer", filter.customer.map { "#\($0)" }),
            ("reports.agent", filter.agent), ("reports.currency", filter.currency?.code),
        ]
        let parts = chosen.compactMap { key, value in value.map { "\(call.text(key)): \($0)" } }
        return (parts + [call.text("reports.printed", ["time": call.localizer.dayAndTime(call.store.clock())])]).joined(separator: " · ")
    }

    /// What may be missing from the figures, and why. Nothing is missing from final ones: what comes late counts later.
    private static func warnings(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter, isFinal: Bool) async throws -> [PageData] {
        async let state = call.store.feedState(visitor.shop.id)
        async let rejects = call.store.openRejects(of: visitor.shop.id)
        let zone = visitor.shop.zone
        let until = zone.firstInstant(of: filter.through.adding(days: 1))
        let outages = try await call.store.feedOutages(of: visitor.shop.id, from: zone.firstInstant(of: filter.from), until: until, limit: outagesMax)
        var warnings: [String] = []
        if let away = try await state?.awaySince, away < until { warnings.append(call.text("reports.away", ["time": call.localizer.dayAndTime(away)])) }
        warnings += outages.compactMap { OutageWords.text($0, call.localizer) }
        let openRejects = try await rejects
        if openRejects > 0, !isFinal { warnings.append(call.text("reports.rejects", ["count": openRejects])) }
        return warnings.map { ["warning": .text($0)] }
    }

    /// Outages of one period that are named, the last ones.
    private static let outagesMax = 5

    private static func file(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        guard let file = ReportFiles.named(call.places[0]), let way = file.way(call.places[1]) else { throw call.notFound }
        let filter = try ReportPageFilter(call.query, today: visitor.shop.zone.day(of: call.store.clock()))
        return try await file.reply(call, visitor, filter, way)
    }
}
