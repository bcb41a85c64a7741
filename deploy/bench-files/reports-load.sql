-- :orders orders of two years, each of one package (5 e-mails, 5 SMS, 5 calls for 45.00, valid 90 days of the shop's zone), of one of four plans, with what follows from it: three grants,
-- four credits used of each, the fifth expired; some 17 entries an order, in the order of time. `supportmeter verify` finds nothing to complain of.
\set ON_ERROR_STOP on
SET session_replication_role = replica;             -- without triggers: their work is done here
INSERT INTO actor (shop_id, kind, label) SELECT s.shop_id, 'user', 'agent' || i || '@example.test' FROM shop s, generate_series(1, 20) i;
INSERT INTO customer (shop_id, customer_id, email, name, created_at)
SELECT s.shop_id, i, 'user' || i || '@example.test', 'Ana Žnidaršič ' || i, now() FROM shop s, generate_series(1, :orders / 2 + 1) i;
INSERT INTO shop_order (shop_id, order_id, number, status, currency, total_minor, total_raw, created_at, modified_at, paid_at, seen_at, first_seen_at,
                        source, customer_id, matched, usability, payload_hash, payload)
SELECT s.shop_id, i, 'SM-' || i, 'completed', 'EUR', 5490, '54.90', x.at, x.at, x.at, now(), now(), 'poll', 1 + i / 2, true, 'entitled', '\x00', '{}'
  FROM shop s, generate_series(1, :orders) i CROSS JOIN LATERAL (SELECT date_trunc('second', now()) - (:orders - i + 1) * interval '2 years' / :orders AS at) x;
INSERT INTO ticket (shop_id, ticket_id, customer_id, order_id, subject, opened_at, updated_at, waiting_since)
SELECT shop_id, order_id, customer_id, order_id, 'Podpora START', created_at, created_at, created_at FROM shop_order ORDER BY order_id;
INSERT INTO ticket_order SELECT shop_id, ticket_id, order_id FROM ticket;
INSERT INTO order_line (shop_id, order_id, line_id, plan_id, plan_version, matched_by, matched_key, bound_at, ticket_id, net_minor)
SELECT shop_id, order_id, order_id, (SELECT min(plan_id) FROM plan) + order_id % 4, 1, 'sku', 'SUP-START', created_at, order_id, 4500 FROM shop_order ORDER BY order_id;
CREATE TEMP TABLE event AS
SELECT o.order_id, c.place, c.channel, e.kind, e.quantity, e.step, e.at, x.expires_at
  FROM shop_order o JOIN shop s ON s.shop_id = o.shop_id
 CROSS JOIN LATERAL (SELECT (date_trunc('day', o.created_at AT TIME ZONE s.time_zone) + interval '91 days') AT TIME ZONE s.time_zone AS expires_at) x
 CROSS JOIN (VALUES (1, 'email'), (2, 'sms'), (3, 'video')) c (place, channel)
 CROSS JOIN LATERAL (SELECT 'grant' AS kind, 5 AS quantity, 0 AS step, o.created_at AS at
           UNION ALL SELECT 'usage', 1, k, o.created_at + k * interval '5 days' + c.place * interval '3 hours' FROM generate_series(1, 4) k
           UNION ALL SELECT 'expiry', 1, 5, x.expires_at) e
 WHERE e.at <= now();
INSERT INTO credit_grant (shop_id, grant_id, ticket_id, channel, kind, order_id, line_id, granted, entitled, used, expired, currency, value_minor, value_taken,
                          starts_at, expires_at, plan_id)
SELECT s.shop_id, (e.order_id - 1) * 3 + e.place, e.order_id, e.channel, 'order', e.order_id, e.order_id, 5, 5, count(*) FILTER (WHERE e.kind = 'usage'),
       count(*) FILTER (WHERE e.kind = 'expiry'), 'EUR', 1500, 300 * (count(*) - 1), min(e.at), min(e.expires_at),
       (SELECT min(plan_id) FROM plan) + e.order_id % 4
  FROM shop s, event e GROUP BY s.shop_id, e.order_id, e.place, e.channel ORDER BY 2;
INSERT INTO counter (shop_id, ticket_id, channel, granted, used, expired, remaining, next_due_at, burn_grant, burn_left)
SELECT shop_id, ticket_id, channel, 5, used, expired, remaining, CASE WHEN remaining > 0 THEN expires_at ELSE 'infinity' END,
       CASE WHEN remaining > 0 THEN grant_id END, CASE WHEN remaining > 0 THEN remaining END
  FROM credit_grant ORDER BY ticket_id, channel;
INSERT INTO line_value (shop_id, order_id, line_id, channel, currency, list_minor, list_credits, sold)
SELECT shop_id, order_id, line_id, channel, 'EUR', 1500, 5, 1500 FROM credit_grant ORDER BY grant_id;
INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id, recorded_at, effective_at,
                   order_id, line_id)
SELECT s.shop_id, e.order_id, e.channel, e.kind, e.quantity, CASE e.kind WHEN 'expiry' THEN 0 ELSE 5 - e.step END, ARRAY[(e.order_id - 1) * 3 + e.place],
       ARRAY[e.quantity], ARRAY[300 * e.quantity], a.first_id + CASE e.kind WHEN 'usage' THEN 1 + (e.order_id + e.step) % 20 ELSE 0 END, e.at, e.at,
       CASE WHEN e.kind <> 'usage' THEN e.order_id END, CASE WHEN e.kind <> 'usage' THEN e.order_id END
  FROM shop s, (SELECT min(actor_id) AS first_id FROM actor) a, event e ORDER BY e.at, e.order_id, e.place, e.step;
SET session_replication_role = DEFAULT;
DROP TABLE event;
-- The notices of a shop that runs were told when they were due.
UPDATE credit_grant SET notified_days = CASE WHEN expires_at <= now() + interval '1 day' THEN 1 WHEN expires_at <= now() + interval '7 days' THEN 7 ELSE 30 END
 WHERE remaining > 0 AND expires_at > now() AND expires_at <= now() + interval '30 days';
SELECT setval('ticket_number', :orders + 1), setval('customer_customer_id_seq', :orders), setval('credit_grant_grant_id_seq', :orders * 3 + 1);
VACUUM (ANALYZE, FREEZE);
