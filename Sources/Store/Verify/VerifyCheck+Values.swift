import Domain
import Postgres

extension VerifyCheck {
    private static let lineKey: SQL = "format('shop %s, order %s, line %s', v.shop_id, v.order_id, v.line_id)"

    /// The books of order lines against the ledger, and against the order's money. A line belongs to the range of the ticket it was put on.
    static let values: [VerifyCheck] = [
        VerifyCheck(table: "line_value") { range in
            """
            WITH line AS (
                SELECT g.shop_id, g.grant_id, g.ticket_id, g.order_id, g.line_id, g.channel, g.value_minor - g.value_taken AS deferred FROM credit_grant g
                 WHERE (g.shop_id, g.order_id, g.line_id) IN (
                        SELECT o.shop_id, o.order_id, o.line_id FROM credit_grant o WHERE o.kind = 'order' AND \(sql: range.covers("o")))
                   AND g.kind IN ('order', 'transfer')),
            slice AS (
                SELECT s.grant_id, sum(s.value) FILTER (WHERE e.kind = 'grant') AS sold,
                       sum(CASE e.kind WHEN 'revocation' THEN s.value WHEN 'restoration' THEN -s.value END) AS refunded
                  FROM entry e CROSS JOIN LATERAL unnest(e.slice_grants, e.slice_values) AS s (grant_id, value)
                 WHERE e.shop_id = \(range.shop)::bigint AND e.ticket_id IN (SELECT line.ticket_id FROM line)
                   AND e.kind IN ('grant', 'revocation', 'restoration') GROUP BY 1),
            told AS (
                SELECT x.order_id, x.line_id, x.channel, sum(x.sold) AS sold, sum(x.refunded) AS refunded, sum(x.corrected) AS corrected FROM (
                    SELECT l.order_id, l.line_id, l.channel, s.sold, s.refunded, 0 AS corrected FROM line l JOIN slice s USING (grant_id)
                    UNION ALL
                    SELECT r.order_id, r.line_id, r.channel, r.sold, r.refunded, r.recognised FROM revaluation r
                     WHERE r.shop_id = \(range.shop)::bigint AND (r.order_id, r.line_id) IN (SELECT line.order_id, line.line_id FROM line)) x
                 GROUP BY 1, 2, 3)
            SELECT format('shop %s, order %s, line %s, channel %s', v.shop_id, v.order_id, v.line_id, v.channel),
                   y.part || ' is the sum of the ledger''s', y.found::text, coalesce(y.expected, 0)::text
              FROM line_value v LEFT JOIN told t USING (order_id, line_id, channel)
             CROSS JOIN LATERAL (VALUES (1, 'sold', v.sold, t.sold), (2, 'refunded', v.refunded, t.refunded), (3, 'corrected', v.corrected, t.corrected))
                   AS y (place, part, found, expected)
             WHERE v.shop_id = \(range.shop)::bigint AND (v.order_id, v.line_id) IN (SELECT line.order_id, line.line_id FROM line)
               AND y.found <> coalesce(y.expected, 0)
             ORDER BY v.order_id, v.line_id, v.channel, y.place LIMIT 1
            """
        },
        VerifyCheck(table: "line_value") { range in
            """
            SELECT \(sql: lineKey), y.rule, y.found, y.expected
              FROM (SELECT x.shop_id, x.order_id, x.line_id, l.net_minor, sum(x.sold - x.refunded) AS kept, sum(x.corrected) AS corrected,
                           bool_and(x.sold = x.list_minor) AS is_listed, sum(d.deferred) AS deferred, sum(d.unused) AS unused,
                           min(x.sold - x.refunded - x.corrected - d.deferred) AS recognised
                      FROM order_line l
                      JOIN line_value x ON x.shop_id = l.shop_id AND x.order_id = l.order_id AND x.line_id = l.line_id
                     CROSS JOIN LATERAL (
                            SELECT coalesce(sum(g.value_minor - g.value_taken), 0) AS deferred, coalesce(sum(g.remaining + g.held), 0) AS unused
                              FROM credit_grant g WHERE g.shop_id = x.shop_id AND g.order_id = x.order_id AND g.line_id = x.line_id
                               AND g.channel = x.channel AND g.kind IN ('order', 'transfer')) d
                     WHERE \(sql: range.covers("l")) AND l.net_minor IS NOT NULL GROUP BY 1, 2, 3, 4) v
             CROSS JOIN LATERAL (VALUES
                    (1, 'sold less refunded is what the shop keeps of the line', v.kept::text, v.net_minor::text, v.kept <> v.net_minor),
                    (2, 'what was sold is what the order says', 'another sum', 'the line''s total', NOT v.is_listed),
                    (3, 'no channel has recognised less than nothing', v.recognised::text, '0 or more', v.recognised < 0),
                    (4, 'negative revenue only where nothing is deferred', v.deferred::text, '0', v.corrected < 0 AND v.deferred <> 0),
                    (5, 'money is kept for nothing only where nothing is unused', v.unused::text, '0', v.corrected > 0 AND v.unused <> 0)
                   ) AS y (place, rule, found, expected, is_broken)
             WHERE y.is_broken ORDER BY v.order_id, v.line_id, y.place LIMIT 1
            """
        },
    ]
}
