import Domain
import Foundation
import Postgres

extension LedgerFixture {
    /// Many tickets with counters, messages and search words, straight into the tables; two in a hundred are low, one in a hundred owes.
    public func fillDesk(tickets: Int, messagesEach: Int = 3) async throws {
        let (shop, now) = (shop.rawValue, clock.now)
        try await pool.transaction { connection in
            try connection.executeScript("SET LOCAL session_replication_role = replica") // without triggers, whose work is done in bulk below
            try connection.execute(
                """
                INSERT INTO customer (shop_id, email, name, created_at)
                SELECT \(shop)::bigint, 'person' || n || '@example.com', 'Person Nr' || n, \(now)::timestamptz FROM generate_series(1, \(tickets / 2)::integer) n
                """)
            try connection.execute(
                """
                INSERT INTO ticket (shop_id, customer_id, subject, opened_at, updated_at, waiting_since, status, side, priority, assignee_id, tags, low_channels,
                                    empty_channels, owing_channels)
                SELECT c.shop_id, c.customer_id, 'Podpora', x.at, x.at + n * interval '7 seconds', x.at + (n % 97) * interval '1 hour',
                       (ARRAY['open', 'waiting', 'solved', 'closed'])[1 + least(3, n % 10)], CASE WHEN n % 3 = 0 THEN 'us' ELSE 'customer' END,
                       (ARRAY['low', 'normal', 'high', 'critical'])[1 + n % 4], CASE WHEN n % 3 < 2 THEN n % 7 + 1 END,
                       CASE WHEN n % 50 = 0 THEN '{rare}'::text[] ELSE '{}' END, CASE WHEN n % 50 = 1 THEN '{email}'::text[] ELSE '{}' END,
                       CASE WHEN n % 60 = 2 THEN '{sms}'::text[] ELSE '{}' END, CASE WHEN n % 100 = 3 THEN '{email}'::text[] ELSE '{}' END
                  FROM (SELECT c.*, row_number() OVER (ORDER BY customer_id) AS i FROM customer c WHERE c.shop_id = \(shop)::bigint) c
                 CROSS JOIN LATERAL (SELECT (c.i * 2 + k) AS n FROM generate_series(0, 1) k) y
                 CROSS JOIN LATERAL (SELECT \(now)::timestamptz - n * interval '1 minute' AS at) x
                """)
            try connection.execute(
                """
                INSERT INTO counter (shop_id, ticket_id, channel, granted, used, remaining, low_at)
                SELECT shop_id, ticket_id, c, 5, 1, 4, 1 FROM ticket, unnest(ARRAY['email', 'sms', 'video']) c WHERE shop_id = \(shop)::bigint
                """)
            try connection.execute(
                """
                INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, granted, entitled, used, currency, starts_at)
                SELECT shop_id, ticket_id, channel, 'adjustment', 5, 5, 1, 'EUR', \(now)::timestamptz FROM counter WHERE shop_id = \(shop)::bigint
                """)
            try connection.execute(
                """
                INSERT INTO message (shop_id, ticket_id, version, kind, channel, direction, state, body, created_at)
                SELECT t.shop_id, t.ticket_id, n, 'message', 'email', 'in', 'received', 'pogosto word' || (t.ticket_id * 31 + n) % 5000, \(now)::timestamptz
                  FROM ticket t, generate_series(1, \(messagesEach)::integer) n WHERE t.shop_id = \(shop)::bigint
                """)
            try connection.execute("SELECT refresh_words(shop_id, ticket_id) FROM ticket WHERE shop_id = \(shop)::bigint")
            try connection.execute(
                """
                INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id,
                                   recorded_at, effective_at)
                SELECT t.shop_id, t.ticket_id, 'email', 'usage', 1, 4, '{1}', '{1}', '{0}', 1, \(now)::timestamptz, \(now)::timestamptz
                  FROM ticket t, generate_series(1, 2) n WHERE t.shop_id = \(shop)::bigint
                """)
        }
        try await pool.read { try $0.executeScript("ANALYZE") }
    }
}
