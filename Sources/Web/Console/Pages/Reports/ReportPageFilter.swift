import Domain
import FoundationEssentials
import Reports

/// What the reports' page is asked for; the address is all of its state.
struct ReportPageFilter: Sendable, Hashable {
    var from: CivilDay
    var through: CivilDay
    /// By name.
    var plan: String?
    var channel: Channel?
    var customer: CustomerID?
    /// By name: staff's e-mail address, a token's label, or the agent that a caller named.
    var agent: String?
    var currency: Currency?

    /// Characters of a plan's or an agent's name.
    static let nameMax = 200

    /// The period of the query, in one word or two days, the month of `today` when it names none. Throws the refusal that names the field.
    init(_ query: Form, today: CivilDay) throws {
        let period = try ReportPeriod.parse(period: query.given("period"), from: query.given("from"), through: query.given("through")).get()
        let month = ReportPageFilter.month(of: period.through ?? period.from ?? today)
        from = period.from ?? min(month.from, period.through ?? month.from)
        through = period.through ?? max(month.through, period.from ?? month.through)
        plan = query.given("plan").map(ReportPageFilter.name)
        agent = query.given("agent").map(ReportPageFilter.name)
        if let text = query.given("channel") {
            guard let channel = Channel(rawValue: text) else { throw Refusal.invalidField(field: "channel", expected: "a channel") }
            self.channel = channel
        }
        if let text = query.given("customer") {
            let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
            guard let number = WholeText.number(digits), number > 0 else { throw Refusal.invalidField(field: "customer", expected: "a customer's number") }
            customer = CustomerID(number)
        }
        if let text = query.given("currency") {
            guard let currency = Currency(text) else { throw Refusal.invalidField(field: "currency", expected: "an ISO 4217 code") }
            self.currency = currency
        }
    }

    /// As long as a name may be.
    private static func name(_ text: String) -> String { String(String.UnicodeScalarView(text.unicodeScalars.prefix(nameMax))) }

    /// Whether more than a period was chosen.
    var isNarrowed: Bool { plan != nil || channel != nil || customer != nil || agent != nil }

    /// As a query, always in the same order.
    var query: String {
        var parts = ["from=\(from)", "through=\(through)"]
        if let plan { parts.append("plan=" + FormText.encode(plan)) }
        if let channel { parts.append("channel=" + FormText.encode(channel.rawValue)) }
        if let customer { parts.append("customer=\(customer)") }
        if let agent { parts.append("agent=" + FormText.encode(agent)) }
        if let currency { parts.append("currency=" + currency.code) }
        return parts.joined(separator: "&")
    }

    func address(_ path: String = "/reports") -> String { path + "?" + query }

    /// As the overviews ask.
    var question: FinanceOverview.Question {
        FinanceOverview.Question(from: from, through: through, plan: plan, channel: channel, customer: customer, currency: currency)
    }

    /// As the files ask.
    var words: FinanceReportWords {
        var words = FinanceReportWords()
        (words.from, words.through) = (from.description, through.description)
        (words.plan, words.channel, words.currency) = (plan, channel?.rawValue, currency?.code)
        (words.customer, words.agent) = (customer, agent)
        return words
    }

    func over(_ period: (from: CivilDay, through: CivilDay)) -> ReportPageFilter {
        var filter = self
        (filter.from, filter.through) = period
        return filter
    }

    func widened() -> ReportPageFilter {
        var filter = self
        (filter.plan, filter.channel, filter.customer, filter.agent) = (nil, nil, nil, nil)
        return filter
    }

    // MARK: Periods

    static func month(of day: CivilDay) -> (from: CivilDay, through: CivilDay) { span(from: day.adding(days: 1 - day.day), months: 1) }

    static func quarter(of day: CivilDay) -> (from: CivilDay, through: CivilDay) {
        span(from: first(of: day.year * 12 + (day.month - 1) / 3 * 3), months: 3)
    }

    static func year(of day: CivilDay) -> (from: CivilDay, through: CivilDay) { span(from: first(of: day.year * 12), months: 12) }

    private static func span(from: CivilDay, months: Int) -> (from: CivilDay, through: CivilDay) {
        (from, first(of: from.year * 12 + from.month - 1 + months).adding(days: -1))
    }

    /// The first day of a month that is counted from the year 0.
    private static func first(of month: Int) -> CivilDay {
        CivilDay(year: max(1, month / 12), month: month % 12 + 1, day: 1) ?? CivilDay(daysSince1970: 0)
    }
}
