import Domain
import FoundationEssentials
import Reports
import Store

/// Finance's page as its template wants it.
struct FinanceView: Sendable {
    let overview: FinanceOverview
    let localizer: Localizer

    private func text(_ key: String, _ arguments: [String: any TextArgument] = [:]) -> String { localizer.text(key, arguments) }
    private func number(_ number: Int64) -> String { localizer.number(number) }
    private func money(_ minorUnits: Int64) -> String { localizer.money(Money(minorUnits: minorUnits, currency: overview.currency)) }

    /// What stands around the figures: the filter and the ways to other periods.
    static func frame(_ filter: ReportPageFilter, today: CivilDay, _ localizer: Localizer) -> PageData {
        [
            "from": .text(filter.from.description), "through": .text(filter.through.description), "is_narrowed": .flag(filter.isNarrowed),
            "widened": .text(filter.widened().address()), "quick": .list(quick(filter, today, localizer)),
            "period": .text(localizer.text("reports.period", ["from": localizer.day(filter.from), "through": localizer.day(filter.through)])),
        ]
    }

    /// The figures.
    var data: PageData {
        [
            "shown": true, "any_charts": .flag(!overview.isEmpty), "choose_currency": true, "currencies": .list(currencies), "is_empty": .flag(overview.isEmpty), "tiles": .list(tiles), "movements": .list(movements), "adds_up": .flag(overview.addsUp),
            "verdict": .text(verdict), "charts": .list(FinanceCharts(overview: overview, localizer: localizer).all.map(ChartView.data)),
            "currency_code": .text(overview.currency.code), "many_currencies": .flag(overview.currencies.count > 1),
        ]
    }

    private var currencies: [PageData] {
        overview.currencies.map { ["code": .text($0.code), "chosen": .flag($0 == overview.currency)] }
    }

    private static func quick(_ filter: ReportPageFilter, _ today: CivilDay, _ localizer: Localizer) -> [PageData] {
        let month = ReportPageFilter.month(of: today)
        let spans: [(String, (from: CivilDay, through: CivilDay))] = [
            ("reports.this_month", month), ("reports.last_month", ReportPageFilter.month(of: month.from.adding(days: -1))),
            ("reports.this_quarter", ReportPageFilter.quarter(of: today)), ("reports.this_year", ReportPageFilter.year(of: today)),
            ("reports.last_year", ReportPageFilter.year(of: ReportPageFilter.year(of: today).from.adding(days: -1))),
        ]
        return spans.map { key, span in
            [
                "quick_name": .text(localizer.text(key)), "quick_address": .text(filter.over(span).address()),
                "here": .flag(span.from == filter.from && span.through == filter.through),
            ]
        }
    }

    private var tiles: [PageData] {
        let (credits, value) = (overview.credits, overview.value)
        return [
            tile("reports.sold", credits.sold, value.sold), tile("reports.used", credits.used, value.used),
            tile("reports.expired", credits.expired, value.expired), tile("reports.refunded", credits.refunded, value.refunded),
            tile("reports.still_owed", credits.closing, value.closing),
        ]
    }

    private func tile(_ key: String, _ credits: Int64, _ value: Int64) -> PageData {
        ["tile_name": .text(text(key)), "tile_value": .text(money(value)), "tile_credits": .text(text("reports.credits_of", ["count": credits]))]
    }

    /// The roll-forward's lines, top to bottom, and the difference.
    private var movements: [PageData] {
        let (credits, value) = (overview.credits, overview.value)
        let lines: [(String, String, KeyPath<RollForwardFigures, Int64>)] = [
            ("reports.opening", "", \.opening), ("reports.sold", "+", \.sold), ("reports.used", "\u{2212}", \.used),
            ("reports.expired", "\u{2212}", \.expired), ("reports.refunded", "\u{2212}", \.refunded), ("reports.adjusted", "±", \.adjusted),
            ("reports.closing", "=", \.closing),
        ]
        return lines.map { key, sign, path in
            [
                "movement_name": .text(text(key)), "sign": .text(sign), "movement_credits": .text(number(credits[keyPath: path])),
                "movement_value": .text(money(value[keyPath: path])), "is_sum": .flag(path == \.closing || path == \.opening),
            ]
        }
    }

    private var verdict: String {
        if overview.addsUp { return text("reports.adds_up") }
        return text("reports.differs", ["credits": number(overview.creditsDifference), "value": money(overview.valueDifference)])
    }
}
