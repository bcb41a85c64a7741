import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// A customer's statement over the period, by now at most. First, where the period has a beginning, a line for each account that had anything then, by
    /// channel and currency; then what changed, in the order of time. One snapshot. The filter's agent is not looked at.
    ///
    /// From the customer to the tickets to their entries, by index: a few pages of the ledger, however long it is.
    public func statement(
        of shop: Shop, customer: CustomerID, _ filter: ReportFilter, write: @escaping @Sendable ([StatementRow]) async throws -> Void
    ) async throws {
        var filter = filter
        filter.customer = customer
        let lines = [filter.since.map(Store.openings), Store.changes(since: filter.sinceSQL)].compactMap(\.self)
        let query = """
            WITH moved AS MATERIALIZED (\(Store.moved(shop, filter, now: clock())))
            SELECT \(Store.micros("x.effective_at")), \(Store.localDay("x.effective_at", shop)), x.entry_id, x.ticket_id, x.channel, x.currency, x.kind, x.change,
                   x.value, x.credits, x.deferred, (SELECT a.label FROM actor a WHERE a.shop_id = \(shop.id) AND a.actor_id = x.actor_id), x.order_id
              FROM (\(lines.joined(separator: " UNION ALL "))) x
             ORDER BY x.effective_at, x.entry_id NULLS FIRST, x.channel COLLATE "C", x.currency COLLATE "C", x.order_id
            """
        try await reportRows(query, { try StatementRow(&$0, shop) }, write: write)
    }

    /// What moved of the customer's accounts until the end of the period, before it too: a line an entry, order and currency.
    private static func moved(_ shop: Shop, _ filter: ReportFilter, now: Date) -> String {
        """
        SELECT m.effective_at, m.entry_id, m.ticket_id, m.channel, m.currency, m.kind, m.actor_id, m.order_id,
               sum(m.sold - m.used - m.expired - m.refunded + m.adjusted)::bigint AS change,
               sum(m.sold_minor - m.used_minor - m.expired_minor - m.refunded_minor + m.adjusted_minor)::bigint AS value
          FROM ledger_move m \(ReportFilter.plan("m"))
         WHERE \(filter.condition("m", shop: shop.id)) AND m.effective_at <= \(ReportFilter.instant(filter.end(now: now))) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
        """
    }

    private static func openings(at since: Date) -> String {
        let at = ReportFilter.instant(since)
        return """
            SELECT \(at) AS effective_at, NULL::bigint AS entry_id, NULL::bigint AS ticket_id, m.channel, m.currency, '\(StatementRow.opening)' AS kind,
                   NULL::bigint AS change, NULL::bigint AS value, sum(m.change) AS credits, sum(m.value) AS deferred, NULL::bigint AS actor_id, NULL::bigint AS order_id
              FROM moved m WHERE m.effective_at < \(at) GROUP BY m.channel, m.currency HAVING sum(m.change) <> 0 OR sum(m.value) <> 0
            """
    }

    private static func changes(since: String) -> String {
        """
        SELECT * FROM (
            SELECT m.effective_at, m.entry_id, m.ticket_id, m.channel, m.currency, m.kind, m.change, m.value, sum(m.change) OVER so_far AS credits,
                   sum(m.value) OVER so_far AS deferred, m.actor_id, m.order_id
              FROM moved m
            WINDOW so_far AS (PARTITION BY m.channel, m.currency ORDER BY m.effective_at, m.entry_id, m.order_id ROWS UNBOUNDED PRECEDING)) r
         WHERE r.effective_at >= \(since)
        """
    }
}

extension StatementRow {
    fileprivate init(_ row: inout ReportRow, _ shop: Shop) throws {
        at = try row.instant() ?? .distantPast
        day = try row.day() ?? shop.zone.day(of: at)
        entry = try row.whole().map(EntryID.init)
        ticket = try row.whole().map(TicketID.init)
        account = StatementAccount(channel: try row.channel(), currency: try row.currency())
        kind = try row.word()
        change = try row.whole()
        value = try row.whole()
        balance = StatementBalance(credits: try row.figure(), deferred: try row.figure())
        agent = try row.text()
        order = try row.whole().map(OrderID.init)
    }
}
