import Domain
import Reports

/// The four charts of finance's page, in the reader's language.
struct FinanceCharts: Sendable {
    let overview: FinanceOverview
    let localizer: Localizer

    /// The chart whose first category is the nearest; the others end with the newest month or go on from it.
    static let expiryID = "expiry"

    var all: [Chart] { [used, owed, expiry, sold] }

    private func text(_ key: String, _ arguments: [String: any TextArgument] = [:]) -> String { localizer.text(key, arguments) }

    private var money: ChartFormat {
        let (localizer, currency) = (localizer, overview.currency)
        return ChartFormat(
            value: { localizer.money(Money(minorUnits: $0, currency: currency)) }, axis: { localizer.money(rounded: $0, currency: currency) })
    }

    /// What amounts are in stands beside the title: the axis has figures alone.
    private func money(_ key: String) -> String { "\(text(key)) (\(overview.currency.code))" }

    private var months: [String] { overview.months.map { localizer.month($0.start) } }

    /// From the first month to the last, in words.
    private var span: [String: any TextArgument] { ["from": months.first ?? "", "through": months.last ?? ""] }

    private var used: Chart {
        UsedChart(channels: overview.channels, months: overview.months.map { ($0.start, $0.usedCredits) }, localizer: localizer).chart
    }

    private var owed: Chart {
        let ahead = overview.burnDown
        let known: [Int64?] = overview.months.map { $0.owedValue }
        let gap = [Int64?](repeating: nil, count: max(0, known.count - 1))
        let labels = months + ahead.compactMap { $0.span.map(shortSpan) }
        return Chart(
            id: "owed", title: money("reports.chart_owed"), summary: text("reports.chart_owed_about", span), shape: .lines, labels: labels,
            series: [
                ChartSeries(text("reports.owed"), known),
                ChartSeries(text("reports.left"), gap + (known.isEmpty ? ahead.dropFirst() : ahead[...]).map { $0.value }),
            ], format: money)
    }

    private var expiry: Chart {
        Chart(
            id: FinanceCharts.expiryID, title: money("reports.chart_expiry"), summary: text("reports.chart_expiry_about"), shape: .groupedBars,
            labels: overview.expiry.map { localizer.text(family: "expiry_span", $0.span.rawValue) },
            series: [ChartSeries(text("reports.value"), overview.expiry.map(\.value))], format: money)
    }

    private var sold: Chart {
        Chart(
            id: "sold", title: money("reports.chart_sold"), summary: text("reports.chart_sold_about", span), shape: .groupedBars, labels: months,
            series: [
                ChartSeries(text("reports.sold"), overview.months.map(\.soldValue)), ChartSeries(text("reports.used"), overview.months.map(\.usedValue)),
            ], format: money)
    }

    private func shortSpan(_ span: ExpiryAhead.Span) -> String { text("reports.in_days", ["count": span.daysEnd ?? 0]) }
}
