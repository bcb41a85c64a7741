import Domain
import HTTPTypes
import Reports
import Store

/// Which months are closed; closing by finance, opening again by admins.
enum MonthPages {
    static let all: [PageRoute] = [
        .get("/reports/months", may: .report) { call, visitor in try await list(call, visitor) },
        .post("/reports/months/close", may: .closePeriod, close), .post("/reports/months/reopen", may: .manageShop, reopen),
    ]

    private static func list(_ call: PageCall, _ visitor: Visitor, problem: String? = nil) async throws -> Reply {
        let (store, shop) = (call.store, visitor.shop)
        async let months = store.months(of: shop)
        async let closings = store.periods(of: shop.id)
        async let exports = store.monthExports(of: shop.id)
        let view = MonthsView(
            call: call, visitor: visitor, closings: Dictionary(grouping: try await closings, by: \.month),
            exports: Dictionary(try await exports.map { ($0.month, $0) }) { first, _ in first }, typedNote: problem == nil ? nil : call.form["note"])
        let shown = try await months
        var data: PageData = ["months": .list(shown.map(view.data)), "any_months": .flag(!shown.isEmpty), "note_max": .text(String(PeriodRules.noteMax)), "wide": true]
        data.set("problem", problem)
        return try call.page("months", title: "books.title", status: problem == nil ? 200 : 422, data)
    }

    private static func close(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try await done(call, visitor, "books.close_done") { month, note in
            try await call.store.closePeriod(month, note: note, in: visitor.shop, by: visitor.caller)
        }
    }

    private static func reopen(_ call: PageCall, _ visitor: Visitor) async throws -> Reply {
        try await done(call, visitor, "books.reopen_done") { month, note in
            try await call.store.reopenPeriod(month, note: note, in: visitor.shop, by: visitor.caller)
        }
    }

    private static func done(
        _ call: PageCall, _ visitor: Visitor, _ key: String, _ change: (CivilDay, String) async throws -> Result<PeriodView, Refusal>
    ) async throws -> Reply {
        let text = call.form.trimmed("month")
        guard text.utf8.count == 7, case .success(let period) = ReportPeriod.parse(from: text, through: nil), let month = period.from else { throw call.notFound }
        switch try await change(month, call.form.trimmed("note")) {
        case .success: return call.redirect("/reports/months", flash: .done(call.text(key, ["month": call.localizer.month(month)])))
        case .failure(let refusal): return try await list(call, visitor, problem: call.localizer.text(refusal))
        }
    }
}

extension Localizer {
    /// `May 2026`
    func month(_ day: CivilDay) -> String { text("reports.month", ["month": text(family: "month", "m\(day.month)"), "year": String(day.year)]) }
}
