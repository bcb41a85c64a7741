import Domain
import FoundationEssentials
import Store

/// Above the figures of a period: whether they are final, and loudly where a month of it was opened again.
enum BooksNotice {
    /// Reopened months that are named one by one.
    private static let reopenedMax = 6

    static func data(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter, _ books: [MonthBooks]) -> PageData {
        var data: PageData = ["reopened": .list(books.filter { $0.state == .reopened }.prefix(reopenedMax).map { reopened($0, call) })]
        data.set("final", final(books, call))
        if let month = closable(visitor, filter, books, now: call.store.clock()) {
            data["close_address"] = .text("/reports/months?month=\(month.description.prefix(7))#m\(month.description.prefix(7))")
            data["close_button"] = .text(call.text("books.close_month", ["month": call.localizer.month(month)]))
        }
        return data
    }

    /// The month that is shown, when it is one and the visitor may close it now.
    private static func closable(_ visitor: Visitor, _ filter: ReportPageFilter, _ books: [MonthBooks], now: Date) -> CivilDay? {
        guard let only = books.first, books.count == 1, only.state != .closed, visitor.may(.closePeriod), !filter.isNarrowed else { return nil }
        let isWhole = filter.from == only.month && filter.through == MonthRules.next(after: only.month).adding(days: -1)
        return isWhole && MonthRules.isOver(only.month, in: visitor.shop.zone, at: now) ? only.month : nil
    }

    private static func reopened(_ books: MonthBooks, _ call: PageCall) -> PageData {
        let closing = books.closing
        return [
            "warning": .text(
                call.text(
                    "books.reopened_notice",
                    [
                        "month": call.localizer.month(books.month), "time": closing?.reopenedAt.map(call.localizer.dayAndTime) ?? "",
                        "name": closing?.reopenedBy ?? "", "note": closing?.reopenNote ?? "",
                    ]))
        ]
    }

    /// Closed months come first: closing one closes those before it.
    private static func final(_ books: [MonthBooks], _ call: PageCall) -> String? {
        guard let last = books.last(where: { $0.state == .closed }), let closing = last.closing else { return nil }
        if books.allSatisfy({ $0.state == .closed }) {
            return call.text("books.final", ["time": call.localizer.dayAndTime(closing.closedAt), "name": closing.closedBy])
        }
        return call.text("books.partly", ["month": call.localizer.month(last.month)])
    }
}
