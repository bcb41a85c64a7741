import Domain
import Postgres

extension LedgerFixture {
    /// A consistent ledger of many usages, written straight into the tables: a grant and `each` usages of one credit on every ticket.
    public func fillWithUsages(tickets: Int, each: Int) async throws {
        let customer = try await addCustomer()
        let (shop, now, total) = (shop.rawValue, clock.now, each + 1)
        try await pool.transaction { connection in
            try connection.execute(
                """
                INSERT INTO ticket (shop_id, customer_id, subject, opened_at, updated_at)
                SELECT \(shop)::bigint, \(customer)::bigint, 'many', \(now)::timestamptz, \(now)::timestamptz FROM generate_series(1, \(tickets)::integer)
                """)
            try connection.execute(
                """
                INSERT INTO counter (shop_id, ticket_id, channel, granted, used, remaining)
                SELECT shop_id, ticket_id, 'email', \(total)::bigint, \(each)::bigint, 1 FROM ticket
                """)
            try connection.execute(
                """
                INSERT INTO credit_grant (shop_id, grant_id, ticket_id, channel, kind, granted, entitled, used, currency, value_minor, value_taken, starts_at)
                SELECT shop_id, ticket_id, ticket_id, 'email', 'adjustment', \(total)::bigint, \(total)::bigint, \(each)::bigint, 'EUR',
                       \(total)::bigint, \(each)::bigint, \(now)::timestamptz FROM ticket
                """)
            try connection.execute(
                """
                INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id,
                                   recorded_at, effective_at)
                SELECT t.shop_id, t.ticket_id, 'email', CASE n WHEN 0 THEN 'grant' ELSE 'usage' END, CASE n WHEN 0 THEN \(total)::bigint ELSE 1 END,
                       \(total)::bigint - n, ARRAY[t.ticket_id], ARRAY[CASE n WHEN 0 THEN \(total)::bigint ELSE 1 END],
                       ARRAY[CASE n WHEN 0 THEN \(total)::bigint ELSE 1 END], 1, \(now)::timestamptz, \(now)::timestamptz
                  FROM generate_series(0, \(each)::integer) AS n CROSS JOIN ticket t
                """)
        }
    }
}
