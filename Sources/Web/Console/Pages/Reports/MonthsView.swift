import Domain
import FoundationEssentials
import Store

/// The months as their page shows them.
struct MonthsView: Sendable {
    let call: PageCall
    let visitor: Visitor
    /// By the month that was closed, the newest closing first.
    let closings: [CivilDay: [PeriodView]]
    let exports: [CivilDay: MonthExportView]
    /// What was typed into a form that was refused.
    let typedNote: String?

    func data(_ books: MonthBooks) -> PageData {
        let code = String(books.month.description.prefix(7))
        let name = call.localizer.month(books.month)
        let isOver = MonthRules.isOver(books.month, in: visitor.shop.zone, at: call.store.clock())
        let last = MonthRules.next(after: books.month).adding(days: -1)
        var data: PageData = [
            "month_code": .text(code), "month_name": .text(name), "month_address": .text("/reports?from=\(books.month)&through=\(last)"),
            "state": .text(call.localizer.text(family: "books_state", !isOver && books.state == .open ? "running" : books.state.rawValue)),
            "is_closed": .flag(books.state == .closed), "is_reopened": .flag(books.state == .reopened), "history": .list(history(books)),
            "may_close": .flag(books.state != .closed && isOver && visitor.may(.closePeriod)),
            // What was closed with a later month is opened with that.
            "may_reopen": .flag(books.state == .closed && books.closing?.month == books.month && visitor.may(.manageShop)),
            "close_button": .text(call.text("books.close_month", ["month": name])), "reopen_button": .text(call.text("books.reopen_month", ["month": name])),
        ]
        if let typedNote, call.form.trimmed("month") == code {
            data["typed"] = .text(typedNote)
            data["is_asked"] = .flag(true)
        }
        // The reports' page leads here with the month that it shows.
        if call.query["month"] == code, books.state != .closed { data["is_asked"] = .flag(true) }
        return data
    }

    private func history(_ books: MonthBooks) -> [PageData] {
        var lines: [PageData] = []
        if let closing = books.closing, closing.month != books.month, books.state == .closed {
            lines.append(line("books.with_later", ["month": call.localizer.month(closing.month)]))
        }
        for closing in closings[books.month] ?? [] {
            if let at = closing.reopenedAt {
                lines.append(
                    line(
                        "books.reopened_by", ["time": when(at), "name": closing.reopenedBy ?? "", "note": closing.reopenNote ?? ""], isLoud: books.state == .reopened))
            }
            lines.append(line("books.closed_by", ["time": when(closing.closedAt), "name": closing.closedBy, "note": closing.note]))
        }
        if let export = exports[books.month] {
            if let at = export.madeAt, let folder = export.folder { lines.append(line("books.written", ["folder": folder, "time": when(at)])) }
            if let error = export.error { lines.append(line("books.not_written", ["error": error], isLoud: true)) }
        }
        return lines
    }

    private func line(_ key: String, _ arguments: [String: any TextArgument], isLoud: Bool = false) -> PageData {
        ["done": .text(call.text(key, arguments)), "loud": .flag(isLoud)]
    }

    private func when(_ instant: Date) -> String { call.localizer.dayAndTime(instant) }
}
