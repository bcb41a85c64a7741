/// A chart: figures by category, in one or more series, drawn as SVG on the server.
///
/// Pure: the same values give the same text. Nothing is said by colour alone: every series has a pattern or a dash of its own and stands by name
/// in the legend, every mark has its figure as a tooltip, and the page puts the same figures in a table beside it (`rows`). Colours are
/// the page's custom properties `--chart-1` to `--chart-6`, with fallbacks for a file that stands alone; text and lines are `currentColor`.
public struct Chart: Sendable {
    public enum Shape: Sendable, Hashable {
        /// Series on top of each other; negative figures below the line.
        case stackedBars
        /// Series side by side.
        case groupedBars
        /// Lines; the area under the first one is filled.
        case lines
    }

    /// Series beyond this would share a colour and a pattern.
    public static let seriesMax = 6

    /// Unique on the page, lower-case letters and hyphens: the ids of the drawing begin with it.
    public let id: String
    public let title: String
    /// What the chart shows, in a sentence or two, for who cannot see it.
    public let summary: String
    public let shape: Shape
    /// The categories, left to right.
    public let labels: [String]
    public let series: [ChartSeries]
    public let format: ChartFormat

    public init(
        id: String, title: String, summary: String, shape: Shape, labels: [String], series: [ChartSeries], format: ChartFormat
    ) {
        self.id = id
        self.title = title
        self.summary = summary
        self.shape = shape
        self.labels = labels
        self.series = Array(series.prefix(Chart.seriesMax))
        self.format = format
    }

    public var svg: String { ChartDrawing(self).svg }

    /// The chart's table: a row for each category, a cell for each series; nil where there is no figure.
    public var rows: [(label: String, cells: [String?])] {
        labels.enumerated().map { index, label in
            (label, series.map { $0.value(index).map(format.cell) })
        }
    }

    /// Whether there is anything to draw.
    public var isEmpty: Bool { !series.contains { $0.values.contains { $0 ?? 0 != 0 } } }
}

/// One series: its name and a figure for each category, nil where there is none.
public struct ChartSeries: Sendable, Hashable {
    public let name: String
    public let values: [Int64?]

    public init(_ name: String, _ values: [Int64?]) {
        self.name = name
        self.values = values
    }

    func value(_ index: Int) -> Int64? { index < values.count ? values[index] : nil }
}

/// How figures are written: the reader's language and the currency are handed in.
public struct ChartFormat: Sendable {
    /// In full: `1,250.00 EUR`.
    let value: @Sendable (Int64) -> String
    /// Short, for the axis: `1,250`.
    let axis: @Sendable (Int64) -> String
    /// For the table, whose heading may say the unit; in full unless given.
    let cell: @Sendable (Int64) -> String

    public init(
        value: @escaping @Sendable (Int64) -> String, axis: @escaping @Sendable (Int64) -> String, cell: (@Sendable (Int64) -> String)? = nil
    ) {
        self.value = value
        self.axis = axis
        self.cell = cell ?? value
    }
}
