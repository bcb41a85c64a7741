/// Draws a chart: legend, axis, marks.
struct ChartDrawing {
    private let chart: Chart
    private let layout: ChartLayout

    init(_ chart: Chart) {
        self.chart = chart
        let (lowest, highest) = ChartDrawing.bounds(chart)
        layout = ChartLayout(chart, scale: ChartScale(lowest: lowest, highest: highest))
    }

    private static func bounds(_ chart: Chart) -> (Int64, Int64) {
        let columns = chart.labels.indices.map { index in chart.series.compactMap { $0.value(index) } }
        guard chart.shape == .stackedBars else {
            let all = columns.flatMap { $0 }
            return (all.min() ?? 0, all.max() ?? 0)
        }
        let below = columns.map { $0.filter { $0 < 0 }.reduce(0, +) }
        let above = columns.map { $0.filter { $0 > 0 }.reduce(0, +) }
        return (below.min() ?? 0, above.max() ?? 0)
    }

    var svg: String {
        var svg = SVGText()
        let box = "0 0 \(SVGText.number(ChartLayout.width)) \(SVGText.number(layout.height))"
        svg.element(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "class": "chart", "viewBox": box, "role": "img",
                "aria-labelledby": "\(chart.id)-title \(chart.id)-desc", "font-family": "inherit", "font-size": SVGText.number(ChartLayout.fontSize),
                "fill": "currentColor",
            ]
        ) { svg in
            svg.words("title", ["id": "\(chart.id)-title"], chart.title)
            svg.words("desc", ["id": "\(chart.id)-desc"], chart.summary)
            ChartStyle.patterns(chart.series.count, chart: chart.id, to: &svg)
            svg.element("g", ["class": "legend"], legend)
            axis(&svg)
            marks(&svg)
            labels(&svg)
        }
        return svg.text
    }

    private func legend(_ svg: inout SVGText) {
        for entry in layout.legend {
            let (x, y) = (SVGText.number(entry.x), SVGText.number(entry.y))
            if chart.shape == .lines {
                let line = "M\(x) \(SVGText.number(entry.y - 4))h16"
                svg.leaf("path", ["d": line, "stroke": ChartStyle.colour(entry.series), "stroke-width": "2.5", "stroke-dasharray": ChartStyle.dash(entry.series)])
            } else {
                let top = SVGText.number(entry.y - 10)
                let fill = ChartStyle.fill(entry.series, chart: chart.id)
                svg.leaf("rect", ["x": x, "y": top, "width": "14", "height": "12", "rx": "2", "fill": fill, "stroke": ChartStyle.colour(entry.series)])
            }
            svg.words("text", ["x": SVGText.number(entry.x + 20), "y": y], chart.series[entry.series].name)
        }
    }

    private func axis(_ svg: inout SVGText) {
        for tick in layout.scale.ticks {
            let y = SVGText.number(layout.y(tick))
            let opacity = tick == 0 ? ".6" : ".15"
            svg.leaf(
                "path", ["d": "M\(SVGText.number(layout.left)) \(y)H\(SVGText.number(layout.right))", "stroke": "currentColor", "stroke-opacity": opacity])
            svg.words(
                "text", ["x": SVGText.number(layout.left - 6), "y": SVGText.number(layout.y(tick) + 4), "text-anchor": "end", "fill-opacity": ".75"],
                chart.format.axis(tick))
        }
    }

    private func labels(_ svg: inout SVGText) {
        let stride = layout.labelStride(chart.labels)
        // Counted from the last one: where there is no room for all, the newest has its label.
        for (index, label) in chart.labels.enumerated() where (chart.labels.count - 1 - index) % stride == 0 {
            svg.words(
                "text",
                ["x": SVGText.number(layout.x(index)), "y": SVGText.number(layout.bottom + 18), "text-anchor": "middle", "fill-opacity": ".75"], label)
        }
    }

    private func marks(_ svg: inout SVGText) {
        switch chart.shape {
        case .stackedBars: stacked(&svg)
        case .groupedBars: grouped(&svg)
        case .lines: for index in chart.series.indices { line(index, &svg) }
        }
    }

    private func stacked(_ svg: inout SVGText) {
        let width = min(48, layout.step * 0.7)
        for category in chart.labels.indices {
            var (above, below): (Int64, Int64) = (0, 0)
            for (index, series) in chart.series.enumerated() {
                guard let value = series.value(category), value != 0 else { continue }
                let start = value > 0 ? above : below
                if value > 0 { above += value } else { below += value }
                bar(index, category, from: start, to: start + value, value, x: layout.x(category) - width / 2, width: width, &svg)
            }
        }
    }

    private func grouped(_ svg: inout SVGText) {
        let width = min(28, layout.step * 0.8 / Double(max(1, chart.series.count)))
        let all = width * Double(chart.series.count)
        for category in chart.labels.indices {
            for (index, series) in chart.series.enumerated() {
                guard let value = series.value(category), value != 0 else { continue }
                bar(index, category, from: 0, to: value, value, x: layout.x(category) - all / 2 + Double(index) * width, width: width, &svg)
            }
        }
    }

    private func bar(
        _ series: Int, _ category: Int, from: Int64, to: Int64, _ value: Int64, x: Double, width: Double, _ svg: inout SVGText
    ) {
        let (top, bottom) = (layout.y(max(from, to)), layout.y(min(from, to)))
        svg.leaf(
            "rect",
            [
                "x": SVGText.number(x), "y": SVGText.number(top), "width": SVGText.number(width), "height": SVGText.number(max(0.5, bottom - top)),
                "fill": ChartStyle.fill(series, chart: chart.id), "stroke": ChartStyle.colour(series), "stroke-width": ".8",
            ], title: tip(series, category, value))
    }

    /// A line of each run of figures; a category without one leaves a gap, a figure alone is a dot.
    private func line(_ index: Int, _ svg: inout SVGText) {
        let series = chart.series[index]
        for run in runs(series) {
            let points = run.map { (x: SVGText.number(layout.x($0.category)), y: SVGText.number(layout.y($0.value))) }
            let path = "M" + points.map { "\($0.x) \($0.y)" }.joined(separator: "L")
            if index == 0, let first = points.first, let last = points.last {
                let ground = SVGText.number(layout.y(0))
                svg.leaf("path", ["d": "\(path)L\(last.x) \(ground)L\(first.x) \(ground)Z", "fill": ChartStyle.colour(0), "fill-opacity": ".15"])
            }
            svg.leaf(
                "path",
                [
                    "d": path, "fill": "none", "stroke": ChartStyle.colour(index), "stroke-width": "2.5", "stroke-linejoin": "round",
                    "stroke-dasharray": ChartStyle.dash(index),
                ])
            for (point, figure) in zip(points, run) {
                svg.leaf(
                    "circle", ["cx": point.x, "cy": point.y, "r": "3", "fill": ChartStyle.colour(index)], title: tip(index, figure.category, figure.value))
            }
        }
    }

    private func runs(_ series: ChartSeries) -> [[(category: Int, value: Int64)]] {
        var runs: [[(category: Int, value: Int64)]] = [[]]
        for category in chart.labels.indices {
            if let value = series.value(category) { runs[runs.count - 1].append((category, value)) } else { runs.append([]) }
        }
        return runs.filter { !$0.isEmpty }
    }

    private func tip(_ series: Int, _ category: Int, _ value: Int64) -> String {
        "\(chart.labels[category]), \(chart.series[series].name): \(chart.format.value(value))"
    }
}
