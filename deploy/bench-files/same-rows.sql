SELECT e.entry_id AS entry, s.slug AS shop, e.ticket_id AS ticket, e.channel, e.kind, e.quantity, e.balance_after, e.slice_values[1] AS value_minor, g.currency,
       to_char(e.effective_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS effective_at,
       to_char(e.effective_at AT TIME ZONE s.time_zone, 'YYYY-MM-DD') AS effective_day,
       to_char(e.recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS recorded_at,
       to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS occurred_at,
       a.label AS agent, e.reason, n.reference, n.note, coalesce(e.order_id, g.order_id) AS order, coalesce(e.line_id, g.line_id) AS line, e.usage_id AS usage,
       e.corrects_id AS corrects, e.hold_id AS hold, e.for_ticket_id AS for_ticket, e.rule_version,
       format('grant %s: %s for %s %s of order %s line %s', g.grant_id, e.slice_quantities[1], e.slice_values[1], g.currency, g.order_id, g.line_id) AS slices,
       NULL AS sold_minor, NULL AS refunded_minor, NULL AS recognised_minor, NULL AS deferred_minor
  FROM entry e
  JOIN shop s ON s.shop_id = e.shop_id
  JOIN actor a ON a.shop_id = e.shop_id AND a.actor_id = e.actor_id
  JOIN credit_grant g ON g.shop_id = e.shop_id AND g.grant_id = e.slice_grants[1]
  LEFT JOIN entry_note n ON n.shop_id = e.shop_id AND n.entry_id = e.entry_id
 ORDER BY e.entry_id
