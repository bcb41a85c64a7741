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
    /// Entries with a slice in this currency.
    public var currency: Currency?

    public init(since: Date? = nil, until: Date? = nil, ticket: TicketID? = nil, channel: Channel? = nil, kind: String? = nil) {
        self.since = since
        self.until = until
        self.ticket = ticket
        self.channel = channel
        self.kind = kind
    }

    /// As text of SQL, because COPY takes no parameters.
    private func condition(_ alias: String, shop: ShopID) -> String {
        var conditions = ["\(alias).shop_id = \(shop)"]
        if let since { conditions.append("\(alias).effective_at >= \(SQL.quoteLiteral(Timestamp.text(since)))::timestamptz") }
        if let until { conditions.append("\(alias).effective_at < \(SQL.quoteLiteral(Timestamp.text(until)))::timestamptz") }
        if let ticket { conditions.append("\(alias).ticket_id = \(ticket)") }
        if let channel { conditions.append("\(alias).channel = \(SQL.quoteLiteral(channel.rawValue))") }
        if let customer {
            conditions.append("EXISTS (SELECT FROM ticket t WHERE t.shop_id = \(alias).shop_id AND t.ticket_id = \(alias).ticket_id AND t.customer_id = \(customer))")
        }
        return conditions.joined(separator: " AND ")
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

    fileprivate var order: String { ticket == nil ? "entry_id" : "ticket_id, entry_id" }

    /// Entries and revaluations as one relation, each in order by itself, so that they are merged and not sorted.
    fileprivate func rows(shop: ShopID) -> String {
        let kindOfEntry = kind.map { " AND e.kind = \(SQL.quoteLiteral($0))" } ?? ""
        let isAboutValue = kind == nil || kind == EntryExportFilter.revaluation
        return """
            ((SELECT e.shop_id, e.entry_id, e.ticket_id, e.channel, e.kind, e.quantity, e.balance_after, e.slice_grants, e.slice_quantities, e.slice_values,
                     e.actor_id, e.recorded_at, e.effective_at, e.occurred_at, e.usage_id, e.corrects_id, e.hold_id, e.for_ticket_id, e.order_id, e.line_id,
                     e.reason, e.rule_version, NULL::text AS currency, NULL::bigint AS sold, NULL::bigint AS refunded, NULL::bigint AS recognised,
                     NULL::bigint AS deferred
                FROM entry e WHERE \(condition("e", shop: shop))\(kindOfEntry)\(ofSlices) ORDER BY \(order))
             UNION ALL
             (SELECT r.shop_id, r.revaluation_id AS entry_id, r.ticket_id, r.channel, '\(EntryExportFilter.revaluation)', 0::bigint, NULL::bigint,
                     CASE WHEN r.grant_id IS NULL THEN '{}' ELSE ARRAY[r.grant_id] END, CASE WHEN r.grant_id IS NULL THEN '{}' ELSE ARRAY[0::bigint] END,
                     CASE WHEN r.grant_id IS NULL THEN '{}' ELSE ARRAY[r.deferred] END, NULL::bigint, r.recorded_at, r.effective_at, r.occurred_at,
                     NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, r.order_id, r.line_id, NULL::text, NULL::integer, r.currency, r.sold, r.refunded,
                     r.recognised, r.deferred
                FROM revaluation r WHERE \(condition("r", shop: shop)) AND \(isAboutValue ? "true" : "false")\(ofRevaluation) ORDER BY \(order)))
            """
    }

    /// The kind of a row that is no entry: what an order's money changed.
    public static let revaluation = "revaluation"
}

/// How an exported row is written.
public enum EntryExportFormat: Sendable, Hashable {
    /// RFC 4180 but for the ends of lines, which are a line feed alone; without a header.
    case csv
    /// One JSON object a line.
    case jsonLines
}

/// A column of the export.
private struct ExportColumn {
    enum Kind { case plain, typed, slices }
    let name: String
    let sql: String
    /// Text that people or shops wrote is `typed`: a spreadsheet would take some of it for a formula.
    let kind: Kind

    init(_ name: String, _ sql: String, _ kind: Kind = .plain) { (self.name, self.sql, self.kind) = (name, sql, kind) }

    /// A cell that a spreadsheet would run (OWASP, "CSV Injection": `=`, `+`, `-`, `@`, tab, carriage return) gets an apostrophe in front.
    func csv() -> String {
        switch kind {
        case .plain: sql
        case .typed: "CASE WHEN \(sql) ~ E'^[-=+@\\t\\r\\n]' THEN '''' || \(sql) ELSE \(sql) END"
        case .slices: "CASE WHEN v.slices = 0 THEN \(Slices.oneAsText) ELSE v.as_text END"
        }
    }

    func json() -> String { kind == .slices ? "CASE WHEN v.slices = 0 THEN \(Slices.oneAsJSON) ELSE v.as_json END" : sql }
}

extension Store {
    private static func instant(_ column: String) -> String {
        "to_char(\(column) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"
    }

    /// The zone and the slug come from our own tables and are quoted all the same.
    private static func columns(slug: String, zone: String) -> [ExportColumn] {
        [
            ExportColumn("entry", "e.entry_id"), ExportColumn("shop", SQL.quoteLiteral(slug) + "::text"), ExportColumn("ticket", "e.ticket_id"),
            ExportColumn("channel", "e.channel"), ExportColumn("kind", "e.kind"), ExportColumn("quantity", "e.quantity"),
            ExportColumn("balance_after", "e.balance_after"), ExportColumn("value_minor", "CASE WHEN e.currency IS NULL THEN CASE WHEN v.slices = 0 THEN e.slice_values[1] ELSE v.value_minor END END"),
            ExportColumn("currency", "coalesce(e.currency, v.currency, \(Slices.ofOne("currency")))"),
            ExportColumn("effective_at", instant("e.effective_at")),
            ExportColumn("effective_day", "to_char(e.effective_at AT TIME ZONE \(SQL.quoteLiteral(zone)), 'YYYY-MM-DD')"),
            ExportColumn("recorded_at", instant("e.recorded_at")), ExportColumn("occurred_at", instant("e.occurred_at")),
            ExportColumn("agent", "a.label", .typed),
            ExportColumn("reason", "e.reason", .typed), ExportColumn("reference", "n.reference", .typed), ExportColumn("note", "n.note", .typed),
            ExportColumn("order", "coalesce(e.order_id, v.order_id, \(Slices.ofOne("order_id")))"),
            ExportColumn("line", "coalesce(e.line_id, v.line_id, \(Slices.ofOne("line_id")))"),
            ExportColumn("usage", "e.usage_id"), ExportColumn("corrects", "e.corrects_id"), ExportColumn("hold", "e.hold_id"),
            ExportColumn("for_ticket", "e.for_ticket_id"), ExportColumn("rule_version", "e.rule_version"),
            ExportColumn("slices", "", .slices),
            ExportColumn("sold_minor", "e.sold"), ExportColumn("refunded_minor", "e.refunded"), ExportColumn("recognised_minor", "e.recognised"),
            ExportColumn("deferred_minor", "e.deferred"),
        ]
    }

    /// The names of the exported columns, in their order.
    public static let entryExportColumns = columns(slug: "", zone: "UTC").map(\.name)

    /// Streams a shop's ledger, entries and revaluations, in recording order and returns the number of rows. The server sends rows as it reads them and waits while
    /// `write` does, so the first bytes come at once and memory stays flat. An entry whose slices are of several currencies has no value
    /// and no currency of its own, only its slices do. When `write` throws or the task is cancelled the server is told to stop.
    public func exportEntries(
        of shop: Shop, _ filter: EntryExportFilter, as format: EntryExportFormat, write: @escaping @Sendable ([UInt8]) async throws -> Void
    ) async throws -> Int {
        let columns = Store.columns(slug: shop.slug, zone: shop.timeZone)
        // Nearly every entry is of one grant, which is joined plainly; only others are taken apart. Notes come in the entries' order, and are merged.
        let source = """
            FROM \(filter.rows(shop: shop.id)) e
            LEFT JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = e.slice_grants[1]
            LEFT JOIN actor a ON a.shop_id = e.shop_id AND a.actor_id = e.actor_id
            LEFT JOIN entry_note n ON n.shop_id = e.shop_id AND n.entry_id = e.entry_id
            CROSS JOIN LATERAL (\(Slices.several)) v
            ORDER BY \(filter.order.split(separator: ", ").map { "e." + $0 }.joined(separator: ", "))
            """
        switch format {
        case .csv:
            let list = columns.map { $0.csv() }.joined(separator: ", ")
            return try await pool.copyOut("COPY (SELECT \(list) \(source)) TO STDOUT (FORMAT csv, ENCODING 'UTF8')", write)
        case .jsonLines:
            let list = columns.map { "\($0.json()) AS \(SQL.quoteIdentifier($0.name))" }.joined(separator: ", ")
            // JSON holds no control characters, so with these two nothing is ever quoted and each line is the JSON itself.
            let options = "FORMAT csv, ENCODING 'UTF8', QUOTE E'\\x01', DELIMITER E'\\x02'"
            return try await pool.copyOut("COPY (SELECT row_to_json(r) FROM (SELECT \(list) \(source)) r) TO STDOUT (\(options))", write)
        }
    }
}

/// The slices of an exported entry `e`: of the grant `g` where there is one, else of `v`.
private enum Slices {
    /// What is the same of all of several slices, else NULL; where there are no two, `slices` is 0 and all else NULL.
    static let several = """
        SELECT count(*) AS slices, CASE WHEN min(x.currency) = max(x.currency) THEN sum(s.value)::bigint END AS value_minor,
               CASE WHEN min(x.currency) = max(x.currency) THEN min(x.currency) END AS currency,
               CASE WHEN min(x.order_id) = max(x.order_id) AND count(x.order_id) = count(*) THEN min(x.order_id) END AS order_id,
               CASE WHEN min(x.line_id) = max(x.line_id) AND count(x.line_id) = count(*) THEN min(x.line_id) END AS line_id,
               string_agg(format('grant %s: %s for %s %s', s.grant_id, s.quantity, s.value, x.currency)
                          || coalesce(' of order ' || x.order_id || ' line ' || x.line_id, ''), '; ' ORDER BY s.place) AS as_text,
               json_agg(json_build_object('grant', s.grant_id, 'quantity', s.quantity, 'value_minor', s.value, 'currency', x.currency,
                                          'order', x.order_id, 'line', x.line_id) ORDER BY s.place) AS as_json
          FROM unnest(e.slice_grants, e.slice_quantities, e.slice_values) WITH ORDINALITY AS s (grant_id, quantity, value, place)
          JOIN credit_grant x ON x.shop_id = e.shop_id AND x.grant_id = s.grant_id
         WHERE cardinality(e.slice_grants) > 1
        """
    static let oneAsText = """
        'grant ' || e.slice_grants[1] || ': ' || e.slice_quantities[1] || ' for ' || e.slice_values[1] || ' ' || g.currency
        || coalesce(' of order ' || g.order_id || ' line ' || g.line_id, '')
        """
    static let oneAsJSON = """
        CASE WHEN cardinality(e.slice_grants) = 1 THEN json_build_array(json_build_object('grant', e.slice_grants[1], 'quantity', e.slice_quantities[1],
            'value_minor', e.slice_values[1], 'currency', g.currency, 'order', g.order_id, 'line', g.line_id)) END
        """
    static func ofOne(_ column: String) -> String { "CASE WHEN v.slices = 0 THEN g.\(column) END" }
}
