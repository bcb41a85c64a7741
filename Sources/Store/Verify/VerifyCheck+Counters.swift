import Domain
import Postgres

extension VerifyCheck {
    private static let counterKey: SQL = "format('shop %s, ticket %s, channel %s', shop_id, ticket_id, channel)"

    /// Each part of a counter against its entries, its grants, and itself.
    static let counters: [VerifyCheck] = [
        VerifyCheck(table: "counter") { range in
            """
            WITH own AS (SELECT * FROM counter c WHERE \(sql: range.covers("c"))),
            booked AS (
                SELECT e.shop_id, e.ticket_id, e.channel, sum(e.quantity * f.granted) AS granted, sum(e.quantity * f.used) AS used,
                       sum(e.quantity * f.held) AS held, sum(e.quantity * f.expired) AS expired, sum(e.quantity * f.revoked) AS revoked,
                       sum(e.quantity * f.remaining) AS remaining
                  FROM entry e LEFT JOIN \(sql: EntryKind.effects) ON f.kind = e.kind
                 WHERE \(sql: range.covers("e")) GROUP BY 1, 2, 3)
            SELECT \(sql: counterKey), v.part || ' is the sum of its entries', coalesce(v.found::text, 'no counter'), coalesce(v.expected, 0)::text
              FROM own c FULL JOIN booked b USING (shop_id, ticket_id, channel)
             CROSS JOIN LATERAL (VALUES (1, 'granted', c.granted, b.granted), (2, 'used', c.used, b.used), (3, 'held', c.held, b.held),
                    (4, 'expired', c.expired, b.expired), (5, 'revoked', c.revoked, b.revoked),
                    (6, 'remaining', c.remaining, b.remaining)) AS v (place, part, found, expected)
             WHERE v.found IS DISTINCT FROM coalesce(v.expected, 0)
             ORDER BY ticket_id, channel, v.place LIMIT 1
            """
        },
        VerifyCheck(table: "counter") { range in
            """
            WITH own AS (SELECT * FROM counter c WHERE \(sql: range.covers("c"))),
            given AS (
                SELECT g.shop_id, g.ticket_id, g.channel, sum(g.granted) AS granted, sum(g.used) AS used, sum(g.held) AS held,
                       sum(g.expired) AS expired, sum(g.revoked + g.taken) AS revoked,
                       sum(greatest(0, g.used - g.entitled)) FILTER (WHERE g.order_id IS NOT NULL) AS shortfall
                  FROM credit_grant g WHERE \(sql: range.covers("g")) GROUP BY 1, 2, 3)
            SELECT \(sql: counterKey), v.part || CASE v.part WHEN 'shortfall' THEN ' is what its grants used beyond what orders entitle to'
                                                             ELSE ' is the sum of its grants' END,
                   coalesce(v.found::text, 'no counter'), coalesce(v.expected, 0)::text
              FROM own c FULL JOIN given g USING (shop_id, ticket_id, channel)
             CROSS JOIN LATERAL (VALUES (1, 'granted', c.granted, g.granted), (2, 'used', c.used, g.used), (3, 'held', c.held, g.held),
                    (4, 'expired', c.expired, g.expired), (5, 'revoked', c.revoked, g.revoked),
                    (6, 'shortfall', c.shortfall, g.shortfall)) AS v (place, part, found, expected)
             WHERE v.found IS DISTINCT FROM coalesce(v.expected, 0)
             ORDER BY ticket_id, channel, v.place LIMIT 1
            """
        },
        VerifyCheck(table: "counter") { range in
            """
            SELECT \(sql: counterKey), 'remaining is granted less used, held, expired and revoked, and not negative', c.remaining::text,
                   (c.granted - c.used - c.held - c.expired - c.revoked)::text
              FROM counter c
             WHERE \(sql: range.covers("c"))
               AND (c.remaining <> c.granted - c.used - c.held - c.expired - c.revoked OR c.remaining < 0)
             ORDER BY c.ticket_id, c.channel LIMIT 1
            """
        },
        // P8: what a read skips because `next_due_at` says that nothing is due must not be due.
        VerifyCheck(table: "counter") { range in
            """
            SELECT format('shop %s, ticket %s, channel %s', c.shop_id, c.ticket_id, c.channel),
                   'next_due_at is not later than the next expiry or lapse', c.next_due_at::text, d.due::text
              FROM counter c
             CROSS JOIN LATERAL (
                    SELECT least((SELECT min(g.expires_at) FROM credit_grant g WHERE g.shop_id = c.shop_id AND g.ticket_id = c.ticket_id
                                     AND g.channel = c.channel AND g.remaining > 0),
                                 (SELECT min(s.deadline) FROM hold_slice s WHERE s.shop_id = c.shop_id AND s.ticket_id = c.ticket_id
                                     AND s.channel = c.channel AND s.open)) AS due) d
             WHERE \(sql: range.covers("c")) AND c.next_due_at > d.due
             ORDER BY c.ticket_id, c.channel LIMIT 1
            """
        },
        // P7: what a spend takes from without looking must be the first in burn order.
        VerifyCheck(table: "counter") { range in
            """
            SELECT format('shop %s, ticket %s, channel %s', c.shop_id, c.ticket_id, c.channel),
                   'burn_grant is the first grant in burn order, burn_left what remains of it',
                   format('grant %s, %s left', coalesce(c.burn_grant::text, 'none'), coalesce(c.burn_left::text, 'none')),
                   format('grant %s, %s left', coalesce(f.grant_id::text, 'none'), coalesce(f.remaining::text, 'none'))
              FROM counter c
              LEFT JOIN LATERAL (
                    SELECT g.grant_id, g.remaining FROM credit_grant g
                     WHERE g.shop_id = c.shop_id AND g.ticket_id = c.ticket_id AND g.channel = c.channel AND g.remaining > 0
                     ORDER BY g.expires_at, g.starts_at, g.grant_id LIMIT 1) f ON true
             WHERE \(sql: range.covers("c")) AND c.burn_left > 0 AND (c.burn_grant, c.burn_left) IS DISTINCT FROM (f.grant_id, f.remaining)
             ORDER BY c.ticket_id, c.channel LIMIT 1
            """
        },
    ]
}
