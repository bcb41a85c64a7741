import Domain
import FoundationEssentials
import Store

/// Above the figures of a period: whether they are final, and loudly where a month of it was opened again.
enum BooksNotice {
    /// Reopened months that are named one by one.
    private static let reopenedMax = 6

    static func data(_ call: PageCall, _ visitor: Visitor, _ filter: ReportPageFilter) async throws -> PageData {
        let books = try await call.store.books(of: visitor.shop.id, from: filter.from, through: filter.through)
        var data: PageData = ["reopened": .list(books.filter { $0.state == .reopened }.prefix(reopenedMax).map { reopened($0, call) })]
        data.set("final", final(books, call))
        return data
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
