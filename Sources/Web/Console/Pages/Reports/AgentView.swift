import Domain
import Reports

/// Finance's page of one agent, as its template wants it: what was used through him, and no word of what is nobody's.
struct AgentView: Sendable {
    let overview: AgentOverview
    let localizer: Localizer

    private func text(_ key: String, _ arguments: [String: any TextArgument] = [:]) -> String { localizer.text(key, arguments) }
    private func money(_ minorUnits: Int64) -> String { localizer.money(Money(minorUnits: minorUnits, currency: overview.currency)) }

    var data: PageData {
        let chart = UsedChart(channels: overview.channels, months: overview.months.map { ($0.start, $0.usedCredits) }, localizer: localizer).chart
        var data: PageData = [
            "choose_currency": true, "currencies": .list(overview.currencies.map { ["code": .text($0.code), "chosen": .flag($0 == overview.currency)] }),
            "currency_code": .text(overview.currency.code), "many_currencies": .flag(overview.currencies.count > 1),
            "charts": .list(chart.isEmpty ? [] : [ChartView.data(chart)]), "any_charts": .flag(!chart.isEmpty), "alone": true,
        ]
        data["agent_shown"] = .data(shown)
        return data
    }

    private var shown: PageData {
        var data: PageData = [
            "agent_about": .text(overview.isKnown ? text("reports.agent_about", ["name": overview.agent]) : ""), "agent_empty": .flag(overview.isEmpty),
            "tiles": .list(overview.isEmpty ? [] : tiles),
        ]
        if overview.isEmpty {
            data["empty_title"] = .text(text(overview.isKnown ? "reports.agent_nothing" : "reports.agent_unknown", ["name": overview.agent]))
            let others = overview.currencies.filter { $0 != overview.currency }.map(\.code)
            let hint = !overview.isKnown ? "reports.agent_unknown_hint" : others.isEmpty ? "reports.agent_nothing_hint" : "reports.agent_other_currency"
            data["empty_hint"] = .text(text(hint, ["currencies": others.joined(separator: ", ")]))
        } else {
            data["usage"] = .list(overview.lines.map(line))
            data["all"] = .data(figures(overview.contacts, overview.credits, overview.value))
        }
        return data
    }

    private var tiles: [PageData] {
        [
            ["tile_name": .text(text("reports.contacts")), "tile_value": .text(localizer.number(overview.contacts))],
            ["tile_name": .text(text("reports.credits_used")), "tile_value": .text(localizer.number(overview.credits))],
            ["tile_name": .text(text("reports.value_used")), "tile_value": .text(money(overview.value))],
        ]
    }

    private func line(_ line: AgentOverview.Line) -> PageData {
        let words: PageData = ["usage_month": .text(localizer.month(line.month)), "usage_channel": .text(localizer.channel(line.channel))]
        return words.merging(figures(line.contacts, line.credits, line.value))
    }

    private func figures(_ contacts: Int64, _ credits: Int64, _ value: Int64) -> PageData {
        ["usage_contacts": .text(localizer.number(contacts)), "usage_credits": .text(localizer.number(credits)), "usage_value": .text(money(value))]
    }
}
