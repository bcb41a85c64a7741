import Domain
import Postgres

extension VerifyCheck {
    /// Each grant against the slices of the entries that name it, and against its own rules.
    static let grants: [VerifyCheck] = [
        VerifyCheck(table: "credit_grant") { range in
            """
            WITH own AS (SELECT g.*, g.revoked + g.taken AS withdrawn FROM credit_grant g WHERE \(sql: range.covers("g"))),
            slice AS (
                SELECT e.shop_id, e.ticket_id, e.channel, s.grant_id, sum(s.quantity * f.granted) AS granted, sum(s.quantity * f.used) AS used,
                       sum(s.quantity * f.held) AS held, sum(s.quantity * f.expired) AS expired,
                       sum(s.quantity * f.revoked) FILTER (WHERE e.kind IN ('revocation', 'restoration')) AS revoked,
                       sum(s.quantity * f.revoked) FILTER (WHERE e.kind IN ('adjustment-out', 'transfer-out')) AS taken,
                       sum(s.value * CASE f.granted WHEN 1 THEN 1 ELSE -f.worth END) AS deferred
                  FROM entry e
                  JOIN \(sql: EntryKind.effects) ON f.kind = e.kind
                 CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_quantities, e.slice_values) AS s (grant_id, quantity, value)
                 WHERE \(sql: range.covers("e")) GROUP BY 1, 2, 3, 4),
            told AS (SELECT r.grant_id, sum(r.deferred) AS deferred FROM revaluation r WHERE \(sql: range.covers("r")) GROUP BY 1)
            SELECT format('shop %s, grant %s of ticket %s, channel %s', shop_id, grant_id, ticket_id, channel),
                   v.part || CASE v.part WHEN 'its value less value_taken' THEN ' is what its slices and revaluations defer' ELSE ' is the sum of its slices' END,
                   coalesce(v.found::text, 'no such grant on the ticket'), coalesce(v.expected, 0)::text
              FROM own g FULL JOIN slice s USING (shop_id, ticket_id, channel, grant_id) LEFT JOIN told t USING (grant_id)
             CROSS JOIN LATERAL (VALUES (1, 'granted', g.granted, s.granted), (2, 'used', g.used, s.used), (3, 'held', g.held, s.held),
                    (4, 'expired', g.expired, s.expired), (5, 'revoked', g.revoked, s.revoked), (6, 'taken', g.taken, s.taken),
                    (7, 'its value less value_taken', g.value_minor - g.value_taken, coalesce(s.deferred, 0) + coalesce(t.deferred, 0))) AS v (place, part, found, expected)
             WHERE v.found IS DISTINCT FROM coalesce(v.expected, 0)
             ORDER BY ticket_id, grant_id, v.place LIMIT 1
            """
        },
        VerifyCheck(table: "credit_grant") { range in
            """
            SELECT format('shop %s, grant %s', g.shop_id, g.grant_id), v.rule, v.found, v.expected
              FROM credit_grant g
             CROSS JOIN LATERAL (VALUES
                    (1, 'remaining is not negative', g.remaining::text, '0 or more', g.remaining < 0),
                    (2, 'value_taken is not more than its value', g.value_taken::text, g.value_minor || ' or less', g.value_taken > g.value_minor),
                    (4, 'what has no unused credits defers nothing', (g.value_minor - g.value_taken)::text, '0',
                        g.remaining + g.held = 0 AND g.value_minor <> g.value_taken),
                    (3, 'one grant per order line and channel', 'another one', 'none', g.kind = 'order' AND EXISTS (
                        SELECT FROM credit_grant o WHERE o.shop_id = g.shop_id AND o.order_id = g.order_id AND o.line_id = g.line_id
                           AND o.channel = g.channel AND o.kind = 'order' AND o.ctid <> g.ctid))) AS v (place, rule, found, expected, is_broken)
             WHERE \(sql: range.covers("g")) AND v.is_broken
             ORDER BY g.ticket_id, g.grant_id, v.place LIMIT 1
            """
        },
    ]

    /// What is set aside, and by which holds.
    static let holds: [VerifyCheck] = [
        VerifyCheck(table: "credit_grant") { range in
            """
            SELECT format('shop %s, grant %s', coalesce(g.shop_id, s.shop_id), coalesce(g.grant_id, s.grant_id)),
                   'held is the sum of its open hold slices', coalesce(g.held::text, 'no such grant on the ticket'), coalesce(s.held, 0)::text
              FROM (SELECT * FROM credit_grant g WHERE \(sql: range.covers("g"))) g
              FULL JOIN (SELECT h.shop_id, h.ticket_id, h.channel, h.grant_id, sum(h.quantity) AS held FROM hold_slice h
                          WHERE h.open AND \(sql: range.covers("h")) GROUP BY 1, 2, 3, 4) s USING (shop_id, ticket_id, channel, grant_id)
             WHERE g.held IS DISTINCT FROM coalesce(s.held, 0) ORDER BY ticket_id, grant_id LIMIT 1
            """
        },
        VerifyCheck(table: "hold") { range in
            """
            SELECT format('shop %s, hold %s', h.shop_id, h.hold_id), 'an active hold has open slices, an ended one has none',
                   h.status || ' with ' || o.open || ' open', CASE h.status WHEN 'active' THEN 'some open' ELSE 'none open' END
              FROM hold h
             CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE s.open) AS open FROM hold_slice s
                                  WHERE s.shop_id = h.shop_id AND s.hold_id = h.hold_id) o
             WHERE \(sql: range.covers("h"))
               -- A hold that drew on several tickets lapses counter by counter.
               AND CASE h.status WHEN 'active' THEN o.open = 0 WHEN 'lapsed' THEN false ELSE o.open > 0 END
             ORDER BY h.ticket_id, h.hold_id LIMIT 1
            """
        },
    ]
}
