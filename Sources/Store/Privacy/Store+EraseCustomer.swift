import Domain
import FoundationEssentials
import Postgres

/// What an erasure removed, in rows.
public struct ErasureReport: Sendable, Hashable {
    public internal(set) var orders = 0
    public internal(set) var supersededDocuments = 0
    public internal(set) var rejectedDocuments = 0
    public internal(set) var pushedDocuments = 0
    public internal(set) var notes = 0
    public internal(set) var answers = 0
    public internal(set) var messages = 0
    public internal(set) var tickets = 0
    /// Of their conversations: what was said and noted, drafts, and changes that name a tag.
    public internal(set) var conversation = 0
    public internal(set) var addresses = 0
}

extension Store {
    /// Forgets a customer in one transaction: name, e-mail, phone and the shop's id of them; raw documents of their orders, also superseded,
    /// rejected and pushed ones; references and notes beside their entries and in the answers kept with idempotency keys; messages to other
    /// programs about their tickets; what was said, noted and begun in their conversations, with addresses and search words; and what people
    /// wrote into their tickets' subjects and tags. A message that is being sent is stopped, and its credits come back. Entries, sums and ticket numbers stay, and an order
    /// of theirs that the feed sees again is stored without its document.
    ///
    /// A call repeated under a key whose answer held a reference or a note is answered without it. A document not yet taken in is taken for
    /// handled, a message not yet sent for failed. An idempotency key itself is the caller's own text and stays: callers should not put
    /// personal text into one. Backups made before still hold it all. Erasing somebody again removes what has gathered since.
    public func eraseCustomer(_ customer: CustomerID, in shop: ShopID, by caller: Caller) async throws -> Result<ErasureReport, Refusal> {
        if let refusal = caller.refusal(for: .manageCustomerData) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction { connection in
            guard let traces = try CustomerTraces.lockAndLoad(connection, shop: shop, customer: customer) else {
                return .failure(.unknownCustomer(customer))
            }
            var report = ErasureReport()
            try Erasure.stopSending(connection, traces, now: now)
            try Erasure.documents(connection, traces, now: now, &report)
            try Erasure.words(connection, traces, &report)
            try Erasure.conversation(connection, traces, &report)
            try connection.execute(
                """
                UPDATE customer SET email = NULL, name = NULL, phone = NULL, shop_customer_id = NULL, language = NULL,
                       erased_at = coalesce(erased_at, \(now)::timestamptz)
                 WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint
                """)
            try Erasure.closedMonths(connection, traces)
            try Erasure.search(connection, traces)
            try Audit.write(connection, shop: shop, by: caller, action: "customer.erase", subject: customer.description, now: now)
            return .success(report)
        }
    }
}

/// The places of `CustomerExport`, emptied.
enum Erasure {
    static func documents(_ connection: Connection, _ traces: CustomerTraces, now: Date, _ report: inout ErasureReport) throws {
        let (shop, orders) = (traces.shop, traces.orders)
        report.rejectedDocuments = try connection.execute(
            """
            UPDATE reject r SET raw = '', refunds = NULL, reason = 'erased with its customer', resolved_at = coalesce(resolved_at, \(now)::timestamptz)
             WHERE shop_id = \(shop)::bigint AND raw <> '' AND (order_id = ANY (\(orders)::bigint[]) OR \(sql: traces.concerns("r.raw")))
            """)
        report.pushedDocuments = try connection.execute(
            """
            UPDATE delivery d SET body = '', handled_at = coalesce(handled_at, \(now)::timestamptz)
             WHERE shop_id = \(shop)::bigint AND body <> '' AND \(sql: traces.concerns("d.body"))
            """)
        report.supersededDocuments = try connection.execute(
            "DELETE FROM order_version WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[])")
        report.orders = try connection.execute(
            """
            UPDATE shop_order SET payload = '', refunds = NULL
             WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[]) AND (payload <> '' OR refunds IS NOT NULL)
            """)
    }

    static func words(_ connection: Connection, _ traces: CustomerTraces, _ report: inout ErasureReport) throws {
        let (shop, tickets) = (traces.shop, traces.tickets)
        // An answer is kept at the instant of its entry, and written by our own JSONWriter: a quote within a text has a backslash before it.
        report.answers = try connection.execute(
            """
            UPDATE idempotency_key k
               SET body = regexp_replace(k.body, ',"(reference|note)":"([^"\\\\]|\\\\.)*"', '', 'g')
              FROM entry e JOIN entry_note n ON n.shop_id = e.shop_id AND n.entry_id = e.entry_id
             WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[])
               AND k.shop_id = e.shop_id AND k.created_at = e.recorded_at AND k.status = 201
               AND (k.body::jsonb #>> '{entry,id}')::bigint = e.entry_id
            """)
        report.notes = try connection.execute(
            """
            DELETE FROM entry_note n USING entry e
             WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[]) AND n.shop_id = e.shop_id AND n.entry_id = e.entry_id
            """)
        report.messages = try connection.execute(
            """
            UPDATE hook_delivery d SET body = '', last_error = CASE d.status WHEN 'waiting' THEN 'the customer was erased' END,
                                       status = CASE d.status WHEN 'waiting' THEN 'failed' ELSE d.status END
              FROM outbox o
             WHERE o.shop_id = \(shop)::bigint AND o.ticket_id = ANY (\(tickets)::bigint[])
               AND d.shop_id = o.shop_id AND d.outbox_id = o.outbox_id AND d.body <> ''
            """)
        // What the plans are called is no secret; what somebody wrote instead may be.
        report.tickets = try connection.execute(
            """
            UPDATE ticket t SET subject = s.subject
              FROM (SELECT x.ticket_id, coalesce((SELECT string_agg(DISTINCT p.name, ', ' ORDER BY p.name) FROM order_line l
                              JOIN plan p ON p.shop_id = l.shop_id AND p.plan_id = l.plan_id
                             WHERE l.shop_id = x.shop_id AND l.ticket_id = x.ticket_id), 'Ticket ' || x.ticket_id) AS subject
                      FROM ticket x WHERE x.shop_id = \(shop)::bigint AND x.ticket_id = ANY (\(tickets)::bigint[])) s
             WHERE t.shop_id = \(shop)::bigint AND t.ticket_id = s.ticket_id AND t.subject <> s.subject
            """)
    }
}
