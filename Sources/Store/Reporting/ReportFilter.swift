import Domain
import FoundationEssentials
import Postgres

/// Which of a shop's ledger a report is about. What is nil filters nothing.
public struct ReportFilter: Sendable, Hashable {
    /// `effective_at` from this instant on.
    public var since: Date?
    /// `effective_at` before this instant.
    public var until: Date?
    /// A plan's name.
    public var plan: String?
    public var channel: Channel?
    public var customer: CustomerID?
    /// Who did it: staff's e-mail address, a token's label, or the agent that a caller named.
    public var agent: String?
    public var currency: Currency?

    public init(
        since: Date? = nil, until: Date? = nil, plan: String? = nil, channel: Channel? = nil, customer: CustomerID? = nil, agent: String? = nil,
        currency: Currency? = nil
    ) {
        self.since = since
        self.until = until
        self.plan = plan
        self.channel = channel
        self.customer = customer
        self.agent = agent
        self.currency = currency
    }

    /// Instants as text of SQL, because COPY takes no parameters; open where nil.
    var sinceSQL: String { since.map(ReportFilter.instant) ?? "'-infinity'::timestamptz" }
    var untilSQL: String { until.map(ReportFilter.instant) ?? "'infinity'::timestamptz" }

    /// The last instant of the period, this one at most.
    public func end(now: Date) -> Date { until.map { min($0.addingTimeInterval(-0.000_001), now) } ?? now }

    static func instant(_ date: Date) -> String { "\(SQL.quoteLiteral(Timestamp.text(date)))::timestamptz" }

    /// The joins from a relation with a ticket and a plan's id to the two.
    static func joins(_ alias: String) -> String {
        "JOIN ticket t ON t.shop_id = \(alias).shop_id AND t.ticket_id = \(alias).ticket_id \(plan(alias))"
    }

    /// The join from a relation with a plan's id to the plan.
    static func plan(_ alias: String) -> String { "LEFT JOIN plan p ON p.shop_id = \(alias).shop_id AND p.plan_id = \(alias).plan_id" }

    /// The movements to add up: from the totals where nothing is asked of customers, else from the ledger itself. Joined to tickets and plans as `m`. What is
    /// added up is wholly before or after each of the bounds, instants as text of SQL.
    func moves(shop: ShopID, bounds: String...) -> String {
        guard customer == nil else { return "ledger_move m \(ReportFilter.joins("m"))" }
        return "ledger_total(\(shop), ARRAY[\(bounds.joined(separator: ", "))]) m \(ReportFilter.plan("m"))"
    }

    /// The grants, as `credit_grant` has them, that may owe something at the instant: those that are not past their expiry then, those with credits held,
    /// and those with the ids that `others` selects. Whatever else is expired owes nothing. With a day to spare for what is due and not written yet.
    static func owing(shop: ShopID, at instant: Date, others: String) -> String {
        let expired = "(\(ReportFilter.instant(instant)) - interval '1 day')"
        let held = "SELECT h.grant_id FROM hold_slice h WHERE h.shop_id = \(shop) AND h.open"
        return """
            (SELECT x.* FROM credit_grant x WHERE x.shop_id = \(shop) AND x.expires_at > \(expired)
              UNION ALL
             SELECT x.* FROM credit_grant x WHERE x.shop_id = \(shop) AND x.expires_at <= \(expired) AND x.grant_id IN (\(held) UNION \(others)))
            """
    }

    /// That a relation's ticket is the customer's. As a list of ids, which goes into both halves of `ledger_move`, where an index finds them; a join to tickets
    /// does not, and reads the whole ledger.
    static func isOf(_ customer: CustomerID, _ alias: String, shop: ShopID) -> String {
        "\(alias).ticket_id = ANY (ARRAY(SELECT o.ticket_id FROM ticket o WHERE o.shop_id = \(shop) AND o.customer_id = \(customer)))"
    }

    /// What is asked of such a relation, without the period.
    func condition(_ alias: String, shop: ShopID) -> String {
        var conditions = ["\(alias).shop_id = \(shop)"]
        if let plan { conditions.append("p.name = \(SQL.quoteLiteral(plan))") }
        if let channel { conditions.append("\(alias).channel = \(SQL.quoteLiteral(channel.rawValue))") }
        if let customer { conditions.append(ReportFilter.isOf(customer, alias, shop: shop)) }
        if let currency { conditions.append("\(alias).currency = \(SQL.quoteLiteral(currency.code))") }
        return conditions.joined(separator: " AND ")
    }
}
