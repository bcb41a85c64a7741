import Foundation
import Testing

@testable import Reports

@Suite("charts")
struct ChartTests {
    private static let months = (1...12).map { "\($0)/26" }
    private static let credits = ChartFormat(value: { "\($0) credits" }, axis: { "\($0)" })
    private static let euros = ChartFormat(value: { "\($0 / 100).\($0.magnitude % 100) €" }, axis: { "\($0 / 100) €" })

    private static let used = Chart(
        id: "used", title: "Used per channel by month", summary: "Credits used in each month of 2026.", shape: .stackedBars, labels: months,
        series: [
            ChartSeries("e-mail", [12, 40, 33, 51, 47, 60, 58, 61, 70, 66, 81, 90]), ChartSeries("SMS", [3, 9, nil, 14, 0, 22, 19, 30, 31, 28, 40, 41]),
            ChartSeries("video <call> & \"more\"", [1, 2, 2, 4, -3, 5, 6, 4, 8, 7, 9, 12]),
        ], format: credits)
    private static let outstanding = Chart(
        id: "outstanding", title: "Outstanding and its burn-down", summary: "What is owed, and what would be left without new sales.", shape: .lines,
        labels: months,
        series: [
            ChartSeries("outstanding", [120_050, 180_000, 175_000, 240_010, 300_000, 280_000, nil, nil, nil, nil, nil, nil]),
            ChartSeries("burn-down", [nil, nil, nil, nil, nil, 280_000, 210_000, 150_000, 90_000, 40_000, 10_000, 0]),
        ], format: euros)
    private static let expiry = Chart(
        id: "expiry", title: "Expiry ahead", summary: "What expires within 30, 60 and 90 days.", shape: .groupedBars,
        labels: ["30 days", "60 days", "90 days", "later"], series: [ChartSeries("value", [45_000, 12_000, 90_000, 310_000])], format: euros)
    private static let sold = Chart(
        id: "sold", title: "Sold against used", summary: "Value sold and used.", shape: .groupedBars, labels: months,
        series: [
            ChartSeries("sold", [100_000, 90_000, 20_000, 0, 130_000, 80_000, 10, 5, 7, 9, 60_000, 120_000]),
            ChartSeries("used", [50_000, 60_000, -20_000, 40_000, 30_000, 80_000, 90_000, 5, 7, 9, 10_000, 12_000]),
        ], format: euros)
    private static let all = [used, outstanding, expiry, sold]

    @Test("each chart is as its golden file")
    func golden() throws {
        for chart in Self.all { try Golden.check("chart-\(chart.id).svg", chart.svg) }
    }

    @Test("a chart is well-formed XML, has a name, a description and the figure of every mark")
    func accessible() throws {
        for chart in Self.all + [Chart(id: "none", title: "None", summary: "", shape: .lines, labels: [], series: [], format: Self.credits)] {
            #expect(XMLText.isWellFormed(chart.svg), "\(chart.id)")
            let svg = chart.svg
            #expect(svg.contains("role=\"img\" aria-labelledby=\"\(chart.id)-title \(chart.id)-desc\""))
            #expect(svg.contains("<title id=\"\(chart.id)-title\">") && svg.contains("<desc id=\"\(chart.id)-desc\">"))
            let figures = chart.series.flatMap { $0.values.compactMap { $0 } }.filter { chart.shape == .lines || $0 != 0 }
            #expect(svg.components(separatedBy: "<title>").count - 1 == figures.count)
            // The pages' policy allows no inline style.
            #expect(!svg.contains("style=") && !svg.contains("<style"))
        }
    }

    @Test("two series are told apart without colour")
    func patterns() {
        #expect(Self.used.svg.contains("fill=\"url(#used-p2)\"") && Self.used.svg.contains("fill=\"url(#used-p3)\""))
        #expect(Self.outstanding.svg.contains("stroke-dasharray=\"7 4\""))
    }

    @Test("whatever a plan is called, the drawing holds no tag of a template and no markup")
    func hostile() {
        let name = "{{t.x}} {{{y}}} <script>alert('1')</script> & \"q\""
        let chart = Chart(id: "x", title: name, summary: name, shape: .lines, labels: [name], series: [ChartSeries(name, [1])], format: Self.credits)
        #expect(!chart.svg.contains("{") && !chart.svg.contains("}") && !chart.svg.contains("<script") && XMLText.isWellFormed(chart.svg))
    }

    @Test("the table beside it has the same figures, and says nothing where there is none")
    func table() {
        let rows = Self.used.rows
        #expect(rows.count == 12 && rows[2].label == "3/26")
        #expect(rows[2].cells == ["33 credits", nil, "2 credits"])
    }

    @Test("axes have round steps that hold every figure", arguments: [
        (0, 0, [0, 1]), (0, 1, [0, 1]), (0, 4, [0, 1, 2, 3, 4]), (0, 7, [0, 1, 2, 3, 4, 5, 6, 7]), (0, 11, [0, 2, 4, 6, 8, 10, 12]),
        (0, 99, [0, 20, 40, 60, 80, 100]), (0, 12_345, [0, 5_000, 10_000, 15_000]), (-30, 70, [-40, -20, 0, 20, 40, 60, 80]), (-5, 0, [-5, -4, -3, -2, -1, 0]),
    ] as [(Int64, Int64, [Int64])])
    func axes(lowest: Int64, highest: Int64, ticks: [Int64]) {
        #expect(ChartScale(lowest: lowest, highest: highest).ticks == ticks)
    }

    @Test("an axis holds any figure there can be, in few steps")
    func extremes() {
        for highest in [Int64.max / 200, 1_000_000_000_000, 999, 1_001] {
            let scale = ChartScale(lowest: -highest / 3, highest: highest)
            #expect(scale.high >= highest && scale.low <= -highest / 3 && scale.ticks.count <= 12)
        }
    }
}

/// Whether a text is XML.
private enum XMLText {
    /// Every tag is closed in turn, attributes are quoted, and no bare `&` or `<` is left.
    static func isWellFormed(_ text: String) -> Bool {
        var open: [Substring] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            guard let end = rest[start...].firstIndex(of: ">") else { return false }
            let tag = rest[rest.index(after: start)..<end]
            if tag.contains("<") || tag.filter({ $0 == "\"" }).count % 2 != 0 { return false }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else if !tag.hasSuffix("/") {
                open.append(tag.prefix { $0 != " " && $0 != "/" })
            }
            rest = rest[rest.index(after: end)...]
        }
        let entities = text.components(separatedBy: "&").dropFirst().allSatisfy { part in
            ["amp;", "lt;", "gt;", "quot;", "#39;", "#123;", "#125;"].contains { part.hasPrefix($0) }
        }
        return open.isEmpty && entities
    }
}
