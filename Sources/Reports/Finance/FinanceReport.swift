import Domain
import FoundationEssentials
import Store

/// Finance's reports by name. The ledger itself is `EntriesReport`.
public enum FinanceReport: String, Sendable, Hashable, CaseIterable {
    case rollForward = "roll-forward"
    case usage
    case statement
    case liability
    case revenue
    case orders
    case callsAvoided = "calls-avoided"

    public var summary: String {
        switch self {
        case .rollForward: "Opening, sold, used, expired, refunded, adjusted and closing, in credits and money, by currency, plan and channel; checked."
        case .usage: "Usage by any of month, plan, channel, customer, agent and category."
        case .statement: "A customer's statement, as a bank writes it: what was there, what changed, what is there by channel and currency; checked."
        case .liability: "What is owed at an instant, by customer and grant, and what expires within 30, 60 and 90 days."
        case .revenue: "Revenue by month: by usage, by expiry (breakage), by corrections; and what was sold and refunded."
        case .orders: "Every order of the shop, and what became of it here."
        case .callsAvoided: "An estimate: contacts handled here times the shop's own premium-line tariff."
        }
    }
}

/// What was asked of a report, in the words of a command line or a query string. What is nil filters nothing.
public struct FinanceReportWords: Sendable, Hashable {
    /// Characters of a plan's or an agent's name.
    static let nameMax = 200

    /// `2026-05-31`, `2026-W22`, `2026-05`, `2026-Q2` or `2026`.
    public var period: String?
    /// Days or months; not together with a period.
    public var from: String?
    public var through: String?
    public var plan: String?
    public var channel: String?
    public var customer: CustomerID?
    public var agent: String?
    public var currency: String?
    /// A day, whose end it is, or an instant in RFC 3339; now unless given. Of the liability alone.
    public var at: String?
    /// Dimensions with commas, of usage alone: by month and channel unless given.
    public var by: String?

    public init() {}

    /// Why the words mean nothing, whatever is asked for: names of channels, currencies, plans and agents.
    func refusal(_ shop: Shop) -> Refusal? {
        if let channel, Channel(rawValue: channel) == nil { return .unknownChannel(name: channel, known: shop.channels) }
        if let currency, Currency(currency) == nil { return .invalidField(field: "currency", expected: "three capital letters of ISO 4217 such as EUR") }
        for (field, name) in [("plan", plan), ("agent", agent)] {
            guard let name else { continue }
            guard (1...FinanceReportWords.nameMax).contains(name.unicodeScalars.count), !name.utf8.contains(0) else {
                return .invalidField(field: field, expected: "a name of 1 to \(FinanceReportWords.nameMax) characters, without NUL")
            }
        }
        return nil
    }
}

extension FinanceReport {
    /// The report, ready to be streamed; the refusal names the field.
    public func table(_ store: Store, shop: Shop, words: FinanceReportWords) -> Result<ReportTable, Refusal> {
        parsed(words, shop: shop).flatMap { filter, period in
            let parts = FinanceReportParts(store: store, shop: shop, filter: filter, parameters: parameters(words, shop: shop, period: period))
            switch self {
            case .rollForward: return .success(RollForwardTable.table(parts))
            case .usage: return UsageTable.dimensions(words.by).map { UsageTable.table(parts, by: $0) }
            case .statement:
                guard let customer = words.customer else { return .failure(.missingField(field: "customer", expected: "a customer's id")) }
                return .success(StatementTable.table(parts, customer: customer))
            case .liability: return instant(words.at, shop: shop, now: store.clock()).map { LiabilityTable.table(parts, at: $0) }
            case .revenue: return .success(RevenueTable.table(parts))
            case .orders: return .success(OrdersTable.table(parts))
            case .callsAvoided: return .success(CallsAvoidedTable.table(parts))
            }
        }
    }

    private func parsed(_ words: FinanceReportWords, shop: Shop) -> Result<(ReportFilter, ReportPeriod), Refusal> {
        if let refusal = words.refusal(shop) { return .failure(refusal) }
        if words.at != nil, self != .liability { return .failure(.invalidField(field: "at", expected: "no instant: only the liability is of one")) }
        if words.by != nil, self != .usage { return .failure(.invalidField(field: "by", expected: "no dimensions: only usage has them")) }
        if words.agent != nil, self != .usage, self != .callsAvoided {
            return .failure(.invalidField(field: "agent", expected: "no agent: only usage is by agents"))
        }
        if self == .liability, words.period != nil || words.from != nil || words.through != nil {
            return .failure(.invalidField(field: words.period != nil ? "period" : "from", expected: "no period: the liability is of an instant, `at`"))
        }
        return ReportPeriod.parse(period: words.period, from: words.from, through: words.through).map { period in
            let filter = ReportFilter(
                since: period.since(in: shop.zone), until: period.until(in: shop.zone), plan: words.plan, channel: words.channel.flatMap(Channel.init(rawValue:)),
                customer: words.customer, agent: words.agent, currency: words.currency.flatMap { Currency($0) })
            return (filter, period)
        }
    }

    private func instant(_ text: String?, shop: Shop, now: Date) -> Result<Date, Refusal> {
        guard let text else { return .success(now) }
        if let instant = Timestamp.parse(text) { return .success(instant) }
        if case .success(let day) = ReportPeriod.parse(from: nil, through: text), let until = day.until(in: shop.zone) {
            return .success(until.addingTimeInterval(-0.000_001))
        }
        return .failure(.invalidField(field: "at", expected: "a day such as 2026-05-31, a month, or an instant such as 2026-05-31T12:00:00Z"))
    }

    private func parameters(_ words: FinanceReportWords, shop: Shop, period: ReportPeriod) -> [ReportParameter] {
        var parameters = [ReportParameter("shop", .text(shop.slug)), ReportParameter("time_zone", .text(shop.timeZone))]
        if let from = period.from { parameters.append(ReportParameter("from", .day(from))) }
        if let through = period.through { parameters.append(ReportParameter("through", .day(through))) }
        for (name, value) in [
            ("plan", words.plan), ("channel", words.channel), ("agent", words.agent), ("currency", words.currency), ("at", words.at), ("by", words.by),
        ] { if let value { parameters.append(ReportParameter(name, .text(value))) } }
        if let customer = words.customer { parameters.append(ReportParameter("customer", .integer(customer.rawValue))) }
        return parameters
    }
}

/// What every table is made from.
struct FinanceReportParts: Sendable {
    let store: Store
    let shop: Shop
    let filter: ReportFilter
    let parameters: [ReportParameter]
}
