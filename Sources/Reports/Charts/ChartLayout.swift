/// Where things stand in a drawing, in its own units; the page scales it.
struct ChartLayout: Sendable {
    static let width = 640.0
    static let plotHeight = 200.0
    static let fontSize = 12.0
    private static let rowHeight = 20.0
    /// What a letter takes at most, on average.
    private static let letterWidth = 6.6
    private static let swatchWidth = 20.0
    private static let rightMargin = 12.0
    private static let labelHeight = 22.0

    struct LegendEntry: Sendable {
        let series: Int
        let x: Double
        let y: Double
    }

    let legend: [LegendEntry]
    let left: Double
    let top: Double
    let scale: ChartScale
    private let categories: Int

    var right: Double { ChartLayout.width - ChartLayout.rightMargin }
    var bottom: Double { top + ChartLayout.plotHeight }
    var height: Double { bottom + ChartLayout.labelHeight + 6 }
    /// What a category takes of the width.
    var step: Double { (right - left) / Double(max(1, categories)) }

    init(_ chart: Chart, scale: ChartScale) {
        self.scale = scale
        categories = chart.labels.count
        let ticks = scale.ticks.map { ChartLayout.width(of: chart.format.axis($0)) }
        left = (ticks.max() ?? 0) + 14
        var (x, row, entries) = (0.0, 0, [LegendEntry]())
        for (index, series) in chart.series.enumerated() {
            let width = ChartLayout.swatchWidth + ChartLayout.width(of: series.name) + 18
            if x > 0, x + width > ChartLayout.width { (x, row) = (0, row + 1) }
            entries.append(LegendEntry(series: index, x: x, y: Double(row) * ChartLayout.rowHeight + 12))
            x += width
        }
        legend = entries
        top = Double(row + 1) * ChartLayout.rowHeight + 16
    }

    static func width(of text: String) -> Double { Double(text.count) * letterWidth }

    func y(_ value: Int64) -> Double {
        bottom - (Double(value) - Double(scale.low)) / (Double(scale.high) - Double(scale.low)) * ChartLayout.plotHeight
    }

    /// The middle of a category.
    func x(_ category: Int) -> Double { left + (Double(category) + 0.5) * step }

    /// Every how many categories there is room for a label.
    func labelStride(_ labels: [String]) -> Int {
        let widest = labels.map(ChartLayout.width).max() ?? 0
        return max(1, Int(((widest + 8) / step).rounded(.up)))
    }
}
