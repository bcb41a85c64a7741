import Domain
import FoundationEssentials
import Postgres

extension Store {
    /// Everything held about a customer, as one JSON object: the person, their orders with the raw documents, tickets and what is left on
    /// them, entries with references and notes, superseded, rejected and pushed documents, and the messages sent to other programs.
    ///
    /// Documents are strings, word for word as they came. Of one moment.
    public func exportCustomer(_ customer: CustomerID, in shop: ShopID, by caller: Caller) async throws -> Result<String, Refusal> {
        if let refusal = caller.refusal(for: .manageCustomerData) { return .failure(refusal) }
        let now = Timestamp.rounded(clock())
        return try await pool.transaction(isolation: .repeatableRead) { connection in
            guard let traces = try CustomerTraces.load(connection, shop: shop, customer: customer) else { return .failure(.unknownCustomer(customer)) }
            var sections: [(name: String, json: String)] = []
            for section in CustomerExport.sections(traces, now: now) {
                let json = try connection.queryOne("SELECT coalesce(json_agg(row_to_json(x)), '[]')::text FROM (\(sql: section.rows)) x") {
                    try $0.next(String.self)
                }
                sections.append((section.name, json ?? "[]"))
            }
            try Audit.write(connection, shop: shop, by: caller, action: "customer.export", subject: customer.description, now: now)
            var json = JSONWriter(capacity: 65_536)
            json.object { json in
                json.field("exported_at", Timestamp.text(now))
                for section in sections { json.field(section.name, json: section.json) }
            }
            return .success(json.text)
        }
    }
}

/// What the export consists of. The erasure goes through the same places.
enum CustomerExport {
    static func sections(_ traces: CustomerTraces, now: Date) -> [(name: String, rows: SQL)] {
        let (shop, customer, orders, tickets) = (traces.shop, traces.customer, traces.orders, traces.tickets)
        return [
            (
                "customer",
                """
                SELECT s.slug AS shop, c.customer_id AS id, c.shop_customer_id, c.email, c.name, c.phone, c.language, c.created_at, c.erased_at,
                       (SELECT json_agg(json_build_object('kind', a.kind, 'value', a.value, 'seen_at', a.seen_at) ORDER BY a.kind, a.value)
                          FROM customer_address a WHERE a.shop_id = c.shop_id AND a.customer_id = c.customer_id) AS addresses
                  FROM customer c JOIN shop s ON s.shop_id = c.shop_id
                 WHERE c.shop_id = \(shop)::bigint AND c.customer_id = \(customer)::bigint
                """
            ),
            (
                "orders",
                """
                SELECT order_id AS id, number, status, currency, total_minor, created_at, modified_at, paid_at, completed_at, first_seen_at, seen_at,
                       source, payload, refunds
                  FROM shop_order WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[]) ORDER BY order_id
                """
            ),
            (
                "superseded_documents",
                """
                SELECT order_id AS "order", modified_at, seen_at, superseded_at, status, payload, refunds
                  FROM order_version WHERE shop_id = \(shop)::bigint AND order_id = ANY (\(orders)::bigint[]) ORDER BY order_id, modified_at, seen_at
                """
            ),
            (
                "rejected_documents",
                """
                SELECT reject_id AS id, source, order_id AS "order", topic, reason, raw, refunds, received_at, resolved_at FROM reject r
                 WHERE shop_id = \(shop)::bigint AND (order_id = ANY (\(orders)::bigint[]) OR \(sql: traces.concerns("r.raw"))) ORDER BY reject_id
                """
            ),
            (
                "pushed_documents",
                """
                SELECT delivery_no AS id, topic, received_at, body FROM delivery d
                 WHERE shop_id = \(shop)::bigint AND \(sql: traces.concerns("d.body")) ORDER BY delivery_no
                """
            ),
            (
                "tickets",
                """
                SELECT t.ticket_id AS number, t.status, t.subject, t.priority, t.tags, t.side, t.waiting_since, t.opened_at, t.updated_at,
                       (SELECT json_object_agg(c.channel, json_build_object('granted', c.granted, 'used', c.used, 'held', c.held,
                                   'expired', c.expired, 'revoked', c.revoked, 'remaining', c.remaining, 'shortfall', c.shortfall) ORDER BY c.channel)
                          FROM counters_at(\(shop)::bigint, ARRAY[t.ticket_id], \(now)::timestamptz) c) AS counters
                  FROM ticket t WHERE t.shop_id = \(shop)::bigint AND t.ticket_id = ANY (\(tickets)::bigint[]) ORDER BY t.ticket_id
                """
            ),
            (
                "shown_in_closed_months",
                """
                SELECT closed_until, name, NULL::bigint AS ticket, NULL::text[] AS tags FROM period_name
                 WHERE shop_id = \(shop)::bigint AND customer_id = \(customer)::bigint
                UNION ALL
                SELECT closed_until, NULL, ticket_id, tags FROM period_tags WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY 1, 3
                """
            ),
            (
                "messages",
                """
                SELECT message_id AS id, ticket_id AS ticket, kind, channel, direction, state, from_address, to_address, subject, body, quantity, seconds,
                       created_at, sent_at, error
                  FROM message WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY message_id
                """
            ),
            (
                "drafts",
                """
                SELECT ticket_id AS ticket, channel, subject, body, updated_at FROM draft
                 WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY ticket_id, user_id, channel
                """
            ),
            (
                "calls",
                """
                SELECT call_id AS id, ticket_id AS ticket, channel, started_at, ended_at, seconds, quantity FROM call
                 WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY call_id
                """
            ),
            (
                "ticket_changes",
                """
                SELECT ticket_id AS ticket, kind, at, before, after FROM ticket_event
                 WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY event_id
                """
            ),
            (
                "entries",
                """
                SELECT e.entry_id AS id, e.ticket_id AS ticket, e.for_ticket_id AS for_ticket, e.channel, e.kind, e.quantity, e.balance_after,
                       a.label AS agent, e.recorded_at, e.effective_at, e.occurred_at, e.order_id AS "order", e.reason, n.reference, n.note
                  FROM entry e
                  JOIN actor a ON a.shop_id = e.shop_id AND a.actor_id = e.actor_id
                  LEFT JOIN entry_note n ON n.shop_id = e.shop_id AND n.entry_id = e.entry_id
                 WHERE e.shop_id = \(shop)::bigint AND e.ticket_id = ANY (\(tickets)::bigint[]) ORDER BY e.entry_id
                """
            ),
            (
                "holds",
                """
                SELECT hold_id AS id, ticket_id AS ticket, channel, quantity, status, deadline AS expires_at, created_at, ended_at
                  FROM hold WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) ORDER BY hold_id
                """
            ),
            (
                "messages_to_programs",
                """
                SELECT d.delivery_id AS id, d.hook_id AS hook, d.topic, d.status, d.created_at, d.delivered_at, d.body
                  FROM hook_delivery d JOIN outbox o ON o.shop_id = d.shop_id AND o.outbox_id = d.outbox_id
                 WHERE d.shop_id = \(shop)::bigint AND o.ticket_id = ANY (\(tickets)::bigint[]) ORDER BY d.delivery_id
                """
            ),
        ]
    }
}
