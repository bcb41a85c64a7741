import Domain
import Postgres

extension VerifyCheck {
    /// What finance's closing figures are held against: each grant as it was counted, unless it moved since.
    static let counted: [VerifyCheck] = [
        VerifyCheck(table: "grant_counted") { range in
            """
            WITH fold AS (SELECT coalesce((SELECT f.folded_through FROM ledger_fold f WHERE f.shop_id = \(range.shop)::bigint), 0) AS through)
            SELECT format('shop %s, grant %s', g.shop_id, g.grant_id), y.part || ' counted are what the grant owes', coalesce(y.found, 0)::text, y.expected::text
              FROM credit_grant g
              LEFT JOIN grant_counted c ON c.shop_id = g.shop_id AND c.grant_id = g.grant_id
             CROSS JOIN LATERAL (VALUES (1, 'credits', c.credits, g.remaining + g.held), (2, 'minor units', c.deferred, g.value_minor - g.value_taken))
                   AS y (place, part, found, expected)
             WHERE \(sql: range.covers("g")) AND coalesce(y.found, 0) <> y.expected
               AND NOT EXISTS (SELECT FROM entry e, fold WHERE e.shop_id = g.shop_id AND e.ticket_id = g.ticket_id AND e.entry_id > fold.through
                                  AND g.grant_id = ANY (e.slice_grants))
               AND NOT EXISTS (SELECT FROM revaluation r, fold WHERE r.shop_id = g.shop_id AND r.ticket_id = g.ticket_id AND r.revaluation_id > fold.through
                                  AND r.grant_id = g.grant_id)
             ORDER BY g.grant_id, y.place LIMIT 1
            """
        },
    ]

    /// The sums of what was counted, of the whole shop in one look.
    static func firstTotalProblem(_ connection: Connection, shop: ShopID) throws -> VerifyProblem? {
        try connection.queryOne(
            """
            WITH told AS (
                SELECT g.currency, coalesce(g.plan_id, 0) AS plan_id, g.channel, sum(c.credits) AS credits, sum(c.deferred) AS deferred
                  FROM grant_counted c LEFT JOIN credit_grant g ON g.shop_id = c.shop_id AND g.grant_id = c.grant_id
                 WHERE c.shop_id = \(shop)::bigint GROUP BY 1, 2, 3),
            total AS (SELECT * FROM grant_total t WHERE t.shop_id = \(shop)::bigint)
            SELECT format('shop %s, currency %s, plan %s, channel %s', \(shop)::bigint, currency, plan_id, channel), y.part || ' are the sum of the grants counted',
                   coalesce(y.found, 0)::text, coalesce(y.expected, 0)::text
              FROM total t FULL JOIN told x USING (currency, plan_id, channel)
             CROSS JOIN LATERAL (VALUES (1, 'credits', t.credits, x.credits), (2, 'minor units', t.deferred, x.deferred)) AS y (place, part, found, expected)
             WHERE coalesce(y.found, 0) <> coalesce(y.expected, 0)
             ORDER BY currency, plan_id, channel, y.place LIMIT 1
            """
        ) { row in VerifyProblem(table: "grant_total", key: try row.next(), rule: try row.next(), found: try row.next(), expected: try row.next()) }
    }
}
