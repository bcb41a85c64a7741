import Reports

/// A chart as its template wants it: drawn, described, and as a table.
enum ChartView {
    static func data(_ chart: Chart) -> PageData {
        [
            "chart_id": .text(chart.id), "chart_title": .text(chart.title), "chart_about": .text(chart.summary), "drawing": .drawing(chart),
            "chart_empty": .flag(chart.isEmpty), "newest_last": .flag(chart.id != FinanceCharts.expiryID), "heads": .list(chart.series.map { ["head": .text($0.name)] }),
            "lines": .list(
                chart.rows.map { row in
                    ["line_label": .text(row.label), "cells": .list(row.cells.map { ["cell": .text($0 ?? "\u{2013}")] })]
                }),
        ]
    }
}
