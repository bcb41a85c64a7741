/// How the series of a chart are told apart: by colour, and by a pattern or a dash where colours look alike.
enum ChartStyle {
    /// At least 3:1 against a white and against a black page (WCAG 2.2, 1.4.11), for a drawing without the page's own colours.
    private static let colours = ["#5b75e6", "#b8690f", "#1f8f86", "#b64fc4", "#6b8f1a", "#d94763"]
    private static let dashes = ["", "7 4", "2 3", "9 3 2 3", "4 2", "1 4"]

    static func colour(_ series: Int) -> String { "var(--chart-\(series + 1), \(colours[series % colours.count]))" }
    static func dash(_ series: Int) -> String { dashes[series % dashes.count] }
    static func fill(_ series: Int, chart: String) -> String { series == 0 ? colour(0) : "url(#\(chart)-p\(series + 1))" }

    /// The patterns of the series after the first, which is plain.
    static func patterns(_ count: Int, chart: String, to svg: inout SVGText) {
        guard count > 1 else { return }
        svg.element("defs", [:]) { svg in
            for series in 1..<count {
                let box = ["id": "\(chart)-p\(series + 1)", "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"] as KeyValuePairs
                svg.element("pattern", box) { svg in
                    svg.leaf("rect", ["width": "8", "height": "8", "fill": colour(series), "fill-opacity": ".35"])
                    mark(series, to: &svg)
                }
            }
        }
    }

    private static func mark(_ series: Int, to svg: inout SVGText) {
        let paths = ["", "M-1 1L1 -1M0 8L8 0M7 9L9 7", "M0 4H8", "M-1 7L1 9M0 0L8 8M7 -1L9 1", "M4 0V8M0 4H8", "M0 2H8M0 6H8"]
        svg.leaf("path", ["d": paths[series % paths.count], "stroke": colour(series), "stroke-width": series == 4 ? "1.5" : "2.5", "fill": "none"])
    }
}
