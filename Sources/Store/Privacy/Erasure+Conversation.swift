import Domain
import FoundationEssentials
import Postgres

extension Erasure {
    /// What is being sent has nobody to go to any more: its credits come back. First of all, because it locks conversations and counters.
    static func stopSending(_ connection: Connection, _ traces: CustomerTraces, now: Date) throws {
        let (shop, tickets) = (traces.shop, traces.tickets)
        let keys = tickets.map { "ticket \($0)" }
        try connection.execute("SELECT lock_keys(\([ShopID](repeating: shop, count: keys.count))::bigint[], \(keys)::text[])")
        try connection.execute(
            """
            SELECT end_hold(m.shop_id, m.hold_id, 0, system_actor(m.shop_id), \(now)::timestamptz)
              FROM (SELECT * FROM message WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) AND state = 'sending'
                       AND hold_id IS NOT NULL ORDER BY ticket_id, message_id) m
            """)
    }

    /// What was said, noted and begun. The rows stay, emptied: they are the reason for usages in the ledger.
    static func conversation(_ connection: Connection, _ traces: CustomerTraces, _ report: inout ErasureReport) throws {
        let (shop, tickets) = (traces.shop, traces.tickets)
        report.conversation = try connection.execute(
            """
            UPDATE message SET subject = NULL, body = '', from_address = NULL, to_address = NULL, external_id = NULL, provider_id = NULL,
                   error = CASE state WHEN 'sending' THEN 'the customer was erased' END, state = CASE state WHEN 'sending' THEN 'failed' ELSE state END
             WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[])
               AND (body <> '' OR coalesce(subject, from_address, to_address, external_id, provider_id, error) IS NOT NULL)
            """)
        report.conversation += try connection.execute(
            "DELETE FROM draft WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[])")
        report.conversation += try connection.execute(
            """
            UPDATE ticket_event SET before = NULL, after = NULL
             WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) AND kind IN ('tagged', 'untagged')
               AND coalesce(before, after) IS NOT NULL
            """)
        try connection.execute(
            "UPDATE ticket SET tags = '{}' WHERE shop_id = \(shop)::bigint AND ticket_id = ANY (\(tickets)::bigint[]) AND tags <> '{}'")
        report.addresses = try connection.execute(
            "DELETE FROM customer_address WHERE shop_id = \(shop)::bigint AND customer_id = \(traces.customer)::bigint")
    }

    /// What closed months showed of names and tags: after those themselves, because their change keeps them there.
    static func closedMonths(_ connection: Connection, _ traces: CustomerTraces) throws {
        try connection.execute("DELETE FROM period_name WHERE shop_id = \(traces.shop)::bigint AND customer_id = \(traces.customer)::bigint")
        try connection.execute("DELETE FROM period_tags WHERE shop_id = \(traces.shop)::bigint AND ticket_id = ANY (\(traces.tickets)::bigint[])")
    }

    /// The words that are left: numbers and the names of plans. After everything else is gone.
    static func search(_ connection: Connection, _ traces: CustomerTraces) throws {
        try connection.execute(
            "SELECT refresh_words(\(traces.shop)::bigint, t) FROM unnest(\(traces.tickets)::bigint[]) AS t")
    }
}
