import Domain
import Postgres

extension VerifyCheck {
    /// The ledger by itself: its running balance, its slices, and what corrects what.
    static let entries: [VerifyCheck] = [
        VerifyCheck(table: "entry") { range in
            """
            SELECT format('shop %s, entry %s of ticket %s, channel %s', x.shop_id, x.entry_id, x.ticket_id, x.channel),
                   'balance_after is the running sum of the entries before it', x.balance_after::text, x.running::text
              FROM (SELECT e.shop_id, e.entry_id, e.ticket_id, e.channel, e.balance_after,
                           sum(e.quantity * f.remaining) OVER (PARTITION BY e.ticket_id, e.channel ORDER BY e.entry_id) AS running
                      FROM entry e JOIN \(sql: EntryKind.effects) ON f.kind = e.kind WHERE \(sql: range.covers("e"))) x
             WHERE x.balance_after <> x.running ORDER BY x.ticket_id, x.channel, x.entry_id LIMIT 1
            """
        },
        VerifyCheck(table: "entry") { range in
            """
            SELECT format('shop %s, entry %s', e.shop_id, e.entry_id), 'quantity is the sum of its slices', e.quantity::text, s.total::text
              FROM entry e
             CROSS JOIN LATERAL (SELECT coalesce(sum(quantity), 0) AS total, bool_or(quantity <= 0) AS has_empty
                                   FROM unnest(e.slice_quantities) AS x (quantity)) s
             WHERE \(sql: range.covers("e"))
               AND (e.quantity <> s.total OR s.has_empty OR cardinality(e.slice_grants) <> cardinality(e.slice_quantities)
                    OR cardinality(e.slice_grants) <> cardinality(e.slice_values))
             ORDER BY e.ticket_id, e.entry_id LIMIT 1
            """
        },
        VerifyCheck(table: "entry") { range in
            """
            SELECT format('shop %s, entry %s', r.shop_id, r.corrects_id), 'reversals give back no more than the usage took', sum(r.quantity)::text,
                   coalesce(max(u.quantity), 0) || ' or less'
              FROM entry r
              LEFT JOIN entry u ON u.shop_id = r.shop_id AND u.entry_id = r.corrects_id AND u.ticket_id = r.ticket_id AND u.channel = r.channel
                               AND u.kind IN ('usage', 'capture')
             WHERE \(sql: range.covers("r")) AND r.kind = 'reversal'
             GROUP BY r.shop_id, r.corrects_id HAVING sum(r.quantity) > coalesce(max(u.quantity), 0)
             ORDER BY r.corrects_id LIMIT 1
            """
        },
        VerifyCheck(table: "entry") { range in
            """
            SELECT format('shop %s, entry %s', i.shop_id, i.entry_id), 'a transfer in is as large as the transfer out that it names',
                   i.quantity::text, coalesce(o.quantity::text, 'no transfer out')
              FROM entry i
              LEFT JOIN entry o ON o.shop_id = i.shop_id AND o.entry_id = i.corrects_id AND o.kind = 'transfer-out' AND o.channel = i.channel
             WHERE \(sql: range.covers("i")) AND i.kind = 'transfer-in' AND i.quantity IS DISTINCT FROM o.quantity
             ORDER BY i.ticket_id, i.entry_id LIMIT 1
            """
        },
    ]
}
