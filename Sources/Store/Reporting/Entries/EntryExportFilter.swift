import Domain
import FoundationEssentials
import Postgres

/// Which rows of the ledger to export.
public struct EntryExportFilter: Sendable {
    /// `effective_at` from this instant on; nil from the beginning.
    public var since: Date?
    /// `effective_at` before this instant; nil to the end.
    public var until: Date?
    public var ticket: TicketID?
    public var channel: Channel?
    /// An entry's kind, or `revaluation`.
    public var kind: String?
    /// A plan's name: entries that took from, or gave to, a grant of it.
    public var plan: String?
    public var customer: CustomerID?
    /// Who did it, by label.
    public var agent: String?
    /// Entries with a slice in this currency.
    public var currency: Currency?

    public init(since: Date? = nil, until: Date? = nil, ticket: TicketID? = nil, channel: Channel? = nil, kind: String? = nil) {
        self.since = since
        self.until = until
        self.ticket = ticket
        self.channel = channel
        self.kind = kind
    }

    /// The kind of a row that is no entry: what an order's money changed.
    public static let revaluation = "revaluation"

    /// What the rows are sorted by.
    var order: [String] { ticket == nil ? ["entry_id"] : ["ticket_id", "entry_id"] }

    /// Entries and revaluations as one relation, each in order by itself, so that they are merged and not sorted. Nearly every entry has one slice; only of
    /// others `slices` has all.
    func rows(shop: ShopID) -> String {
        let kindOfEntry = kind.map { " AND e.kind = \(SQL.quoteLiteral($0))" } ?? ""
        // Nobody does a revaluation by hand.
        let isAboutValue = agent == nil && (kind == nil || kind == EntryExportFilter.revaluation)
        let order = order.joined(separator: ", ")
        return """
            ((SELECT e.shop_id, e.entry_id, e.ticket_id, e.channel, e.kind, e.quantity, e.balance_after, e.slice_grants[1] AS slice_grant,
                     e.slice_quantities[1] AS slice_quantity, e.slice_values[1] AS slice_value,
                     CASE WHEN cardinality(e.slice_grants) > 1 THEN (\(EntryExportFilter.slices)) END AS slices,
                     e.actor_id, e.recorded_at, e.effective_at, e.occurred_at, e.usage_id, e.corrects_id, e.hold_id, e.for_ticket_id, e.order_id, e.line_id,
                     e.reason, e.rule_version, NULL::text AS currency, NULL::bigint AS sold, NULL::bigint AS refunded, NULL::bigint AS recognised,
                     NULL::bigint AS deferred
                FROM entry e WHERE \(condition("e", shop: shop))\(kindOfEntry)\(ofAgent)\(ofSlices) ORDER BY \(order))
             UNION ALL
             (SELECT r.shop_id, r.revaluation_id AS entry_id, r.ticket_id, r.channel, '\(EntryExportFilter.revaluation)', 0::bigint, NULL::bigint, r.grant_id,
                     0::bigint, r.deferred, NULL::text, NULL::bigint, r.recorded_at, r.effective_at, r.occurred_at, NULL::bigint, NULL::bigint, NULL::bigint,
                     NULL::bigint, r.order_id, r.line_id, NULL::text, NULL::integer, r.currency, r.sold, r.refunded, r.recognised, r.deferred
                FROM revaluation r WHERE \(condition("r", shop: shop)) AND \(isAboutValue ? "true" : "false")\(ofRevaluation) ORDER BY \(order)))
            """
    }

    /// Six words a slice, as `EntryRecord.Slice` reads them.
    private static let slices = """
        SELECT string_agg(concat_ws(' ', s.grant_id, s.quantity, s.value, x.currency, coalesce(x.order_id::text, '-'), coalesce(x.line_id::text, '-')), ' '
                          ORDER BY s.place)
          FROM unnest(e.slice_grants, e.slice_quantities, e.slice_values) WITH ORDINALITY AS s (grant_id, quantity, value, place)
          JOIN credit_grant x ON x.shop_id = e.shop_id AND x.grant_id = s.grant_id
        """

    /// As text of SQL, because COPY takes no parameters.
    private func condition(_ alias: String, shop: ShopID) -> String {
        var conditions = ["\(alias).shop_id = \(shop)"]
        if let since { conditions.append("\(alias).effective_at >= \(ReportFilter.instant(since))") }
        if let until { conditions.append("\(alias).effective_at < \(ReportFilter.instant(until))") }
        if let ticket { conditions.append("\(alias).ticket_id = \(ticket)") }
        if let channel { conditions.append("\(alias).channel = \(SQL.quoteLiteral(channel.rawValue))") }
        if let customer { conditions.append(ReportFilter.isOf(customer, alias, shop: shop)) }
        return conditions.joined(separator: " AND ")
    }

    private var ofAgent: String {
        agent.map { " AND EXISTS (SELECT FROM actor a WHERE a.shop_id = e.shop_id AND a.actor_id = e.actor_id AND a.label = \(SQL.quoteLiteral($0)))" } ?? ""
    }

    /// What is asked of an entry's slices.
    private var ofSlices: String {
        guard plan != nil || currency != nil else { return "" }
        let money = currency.map { " AND g.currency = \(SQL.quoteLiteral($0.code))" } ?? ""
        let lines = plan.map { _ in " JOIN order_line l ON l.shop_id = g.shop_id AND l.order_id = g.order_id AND l.line_id = g.line_id" } ?? ""
        return " AND EXISTS (SELECT FROM credit_grant g\(lines) WHERE g.shop_id = e.shop_id AND g.grant_id = ANY (e.slice_grants)\(money)\(ofPlan("l")))"
    }

    /// What is asked of a revaluation's line.
    private var ofRevaluation: String {
        let money = currency.map { " AND r.currency = \(SQL.quoteLiteral($0.code))" } ?? ""
        guard plan != nil else { return money }
        return money + " AND EXISTS (SELECT FROM order_line l WHERE l.shop_id = r.shop_id AND l.order_id = r.order_id AND l.line_id = r.line_id\(ofPlan("l")))"
    }

    private func ofPlan(_ line: String) -> String {
        guard let plan else { return "" }
        return " AND EXISTS (SELECT FROM plan p WHERE p.shop_id = \(line).shop_id AND p.plan_id = \(line).plan_id AND p.name = \(SQL.quoteLiteral(plan)))"
    }
}
