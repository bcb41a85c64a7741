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
}
