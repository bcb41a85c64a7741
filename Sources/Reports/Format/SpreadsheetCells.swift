import Domain
import FoundationEssentials
import Spreadsheet

/// How the cells of a report look in a spreadsheet.
enum SpreadsheetCells {
    static func columns(_ table: ReportTable) -> [SheetColumn] {
        table.columns.map { SheetColumn(heading: $0.name, width: width($0)) }
    }

    /// The first column of the second sheet holds names, the others stand under the report's own.
    static func noteColumns(_ table: ReportTable) -> [SheetColumn] {
        [SheetColumn(heading: "", width: 28)] + columns(table)
    }

    /// In characters; the heading and the arrow of its filter must fit as well.
    private static func width(_ column: ReportColumn) -> Double {
        let own =
            switch column.kind {
            case .text: 22
            case .integer: 11
            case .money: 16
            case .currency: 10
            case .day: 12
            case .instant: 20
            case .flag: 8
            }
        return Double(max(own, column.name.utf8.count + 4))
    }

    static func cell(_ cell: ReportCell, isBold: Bool = false, tone: SheetStyle.Tone = .none) -> StyledCell {
        var style = SheetStyle(isBold: isBold, tone: tone)
        switch cell {
        case .empty: return StyledCell(.empty)
        case .text(let text): return StyledCell(.text(text), style)
        case .integer(let number):
            // A spreadsheet's numbers are binary floating point: what would change stays text.
            if number.magnitude > SheetLimits.wholeNumberMax.magnitude { return StyledCell(.text(String(number)), style) }
            style.numberFormat = "0"
            return StyledCell(.number(Double(number)), style)
        case .money(let money):
            if money.minorUnits.magnitude > SheetLimits.wholeNumberMax.magnitude { return StyledCell(.text(MoneyText.major(money)), style) }
            style.numberFormat = numberFormat(money.currency)
            return StyledCell(.number(number(money)), style)
        case .currency(let currency): return StyledCell(.text(currency.code), style)
        case .day(let day):
            style.numberFormat = SheetStyle.day.numberFormat
            return StyledCell(.day(day.daysSince1970), style)
        case .instant(let instant):
            style.numberFormat = SheetStyle.instant.numberFormat
            return StyledCell(.instant(instant.timeIntervalSince1970), style)
        case .flag(let flag): return StyledCell(.flag(flag), style)
        }
    }

    /// `#,##0.00" EUR"`: the currency's own decimals, and its code, because a column may hold several.
    private static func numberFormat(_ currency: Currency) -> String {
        let decimals = currency.minorUnitDigits
        let zeros = decimals > 0 ? "." + String(repeating: "0", count: decimals) : ""
        return "#,##0\(zeros)\" \(currency.code)\""
    }

    /// The floating point number nearest to the exact amount: both parts of the division are exact.
    private static func number(_ money: Money) -> Double {
        var divisor = 1.0
        for _ in 0..<money.currency.minorUnitDigits { divisor *= 10 }
        return Double(money.minorUnits) / divisor
    }

    /// The rows of the second sheet.
    static func notes(_ table: ReportTable, _ summary: ReportSummary, rows: Int) -> [[StyledCell]] {
        var notes: [[StyledCell]] = [[StyledCell(.text(table.name), .bold)]]
        notes += table.parameters.map { [StyledCell(.text($0.name)), cell($0.value)] }
        notes.append([StyledCell(.text("rows")), cell(.integer(rows))])
        notes.append([StyledCell(.text("sorted by")), StyledCell(.text(table.order.joined(separator: ", ")))])
        if table.columns.contains(where: { $0.kind == .instant }) {
            notes.append([StyledCell(.text("times")), StyledCell(.text("UTC"))])
        }
        if !summary.footings.isEmpty {
            notes.append([])
            notes.append([StyledCell(.text("footing"), .bold)] + table.columns.map { StyledCell(.text($0.name), .bold) })
            notes += summary.footings.map { footing in
                [StyledCell(.text(footing.label), .bold)] + footing.cells.map { cell($0, isBold: true) }
            }
        }
        if !summary.checks.isEmpty {
            notes.append([])
            notes.append(["check", "difference", "holds"].map { StyledCell(.text($0), .bold) })
            notes += summary.checks.map { check in
                let tone: SheetStyle.Tone = check.isZero ? .good : .bad
                return [StyledCell(.text(check.label)), cell(check.difference, tone: tone), cell(.flag(check.isZero), tone: tone)]
            }
        }
        return notes
    }
}
