import Domain
import FoundationEssentials
import Reports

/// What the reports' page is asked for; the address is all of its state.
struct ReportFilter: Sendable, Hashable {
    var from: CivilDay
    var through: CivilDay
    var plan: PlanID?
    var channel: Channel?
    var currency: Currency?

    /// The period of the query, the month of `today` when it names none. Throws the refusal that names the field.
    init(_ query: Form, today: CivilDay) throws {
        let period = try ReportPeriod.parse(from: query.given("from"), through: query.given("through")).get()
        let month = ReportFilter.month(of: period.through ?? period.from ?? today)
        from = period.from ?? min(month.from, period.through ?? month.from)
        through = period.through ?? max(month.through, period.from ?? month.through)
        if let text = query.given("plan") {
            guard let plan = WholeText.number(text) else { throw Refusal.invalidField(field: "plan", expected: "a plan's number") }
            self.plan = PlanID(plan)
        }
        if let text = query.given("channel") {
            guard let channel = Channel(rawValue: text) else { throw Refusal.invalidField(field: "channel", expected: "a channel") }
            self.channel = channel
        }
        if let text = query.given("currency") {
            guard let currency = Currency(text) else { throw Refusal.invalidField(field: "currency", expected: "an ISO 4217 code") }
            self.currency = currency
        }
    }

    /// Whether more than a period was chosen.
    var isNarrowed: Bool { plan != nil || channel != nil }

    /// As a query, always in the same order.
    var query: String {
        var parts = ["from=\(from)", "through=\(through)"]
        if let plan { parts.append("plan=\(plan)") }
        if let channel { parts.append("channel=" + FormText.encode(channel.rawValue)) }
        if let currency { parts.append("currency=" + currency.code) }
        return parts.joined(separator: "&")
    }

    func address(_ path: String = "/reports") -> String { path + "?" + query }

    func over(_ period: (from: CivilDay, through: CivilDay)) -> ReportFilter {
        var filter = self
        (filter.from, filter.through) = period
        return filter
    }

    func widened() -> ReportFilter {
        var filter = self
        (filter.plan, filter.channel) = (nil, nil)
        return filter
    }

    // MARK: Periods

    static func month(of day: CivilDay) -> (from: CivilDay, through: CivilDay) { span(from: day.adding(days: 1 - day.day), months: 1) }

    static func quarter(of day: CivilDay) -> (from: CivilDay, through: CivilDay) {
        span(from: first(of: day.year * 12 + (day.month - 1) / 3 * 3), months: 3)
    }

    static func year(of day: CivilDay) -> (from: CivilDay, through: CivilDay) { span(from: first(of: day.year * 12), months: 12) }

    /// The first days of so many months, the last of them that of the day.
    static func months(through day: CivilDay, count: Int) -> [CivilDay] {
        let last = day.year * 12 + day.month - 1
        return (last - count + 1...last).map(first(of:))
    }

    private static func span(from: CivilDay, months: Int) -> (from: CivilDay, through: CivilDay) {
        (from, first(of: from.year * 12 + from.month - 1 + months).adding(days: -1))
    }

    /// The first day of a month that is counted from the year 0.
    private static func first(of month: Int) -> CivilDay {
        CivilDay(year: max(1, month / 12), month: month % 12 + 1, day: 1) ?? CivilDay(daysSince1970: 0)
    }
}
