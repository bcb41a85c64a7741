import Domain
import Reports

/// Credits used per channel by month: of the shop, or of one agent.
struct UsedChart: Sendable {
    let channels: [Channel]
    /// First days and credits, as many as `channels`; oldest first.
    let months: [(start: CivilDay, credits: [Int64])]
    let localizer: Localizer

    var chart: Chart {
        let names = months.map { localizer.month($0.start) }
        let series = channels.enumerated().map { index, channel in ChartSeries(localizer.channel(channel), months.map { $0.credits[index] }) }
        return Chart(
            id: "used", title: "\(localizer.text("reports.chart_used")) (\(localizer.text("reports.credits").lowercased()))",
            summary: localizer.text("reports.chart_used_about", ["from": names.first ?? "", "through": names.last ?? ""]), shape: .stackedBars, labels: names,
            series: series, format: credits)
    }

    private var credits: ChartFormat {
        let localizer = localizer
        return ChartFormat(value: { localizer.text("reports.credits_of", ["count": $0]) }, axis: { localizer.number($0) }, cell: { localizer.number($0) })
    }
}
