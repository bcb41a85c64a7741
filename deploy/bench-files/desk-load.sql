-- :tickets tickets with three counters, :entries entries and three messages a ticket, as a shop has them after two years: one in twenty-five waits for
-- us, most are done, few are low, one in two hundred owes.
\set ON_ERROR_STOP on
SET session_replication_role = replica;             -- without triggers: their work is done in bulk at the end
INSERT INTO staff (shop_id, user_id, email, name, role, password_hash, created_at)
SELECT s.shop_id, i, 'agent' || i || '@example.test', 'Agent ' || i, 'agent', 'none', now() FROM shop s, generate_series(1, 20) i;
INSERT INTO customer (shop_id, customer_id, email, name, phone, created_at)
SELECT s.shop_id, i, lower(f || '.' || l || i || '@example.test'), f || ' ' || l, '+386 41 ' || 100000 + i, now()
  FROM shop s, generate_series(1, :tickets / 2) i
 CROSS JOIN LATERAL (SELECT (ARRAY['Ana','Špela','Tõnu','Piret','Łukasz','Zofia','Ольга','Дмитрий','Emily','Noah'])[1 + i % 10] AS f,
                            (ARRAY['Žnidaršič','Jõgi','Źdźbło','Кириллова','O''Connor','Ångström','Kovač'])[1 + i % 7] AS l) n;
INSERT INTO shop_order (shop_id, order_id, number, status, currency, total_minor, total_raw, created_at, modified_at, paid_at, seen_at, first_seen_at,
                        source, customer_id, matched, usability, payload_hash, payload)
SELECT s.shop_id, i, 'SM-' || i, 'completed', 'EUR', 1000 + i % 9000, '', x.at, x.at, x.at, now(), now(), 'poll', 1 + (i - 1) / 2, true, 'entitled', '\x00', '{}'
  FROM shop s, generate_series(1, :tickets) i CROSS JOIN LATERAL (SELECT now() - (:tickets - i) * interval '2 years' / :tickets AS at) x;
INSERT INTO ticket (shop_id, ticket_id, customer_id, order_id, subject, priority, opened_at, updated_at, waiting_since, last_message_at, status, side,
                    assignee_id, tags, version, low_channels, empty_channels, owing_channels)
SELECT o.shop_id, i, o.customer_id, i, 'Podpora START', (ARRAY['low','normal','normal','high','critical'])[1 + i % 5], o.created_at,
       o.created_at + interval '3 days', o.created_at + (i % 71) * interval '1 hour', o.created_at + interval '2 days',
       CASE WHEN i % 25 = 0 THEN 'open' WHEN i % 25 < 6 THEN 'waiting' WHEN i % 3 = 0 THEN 'solved' ELSE 'closed' END,
       CASE WHEN i % 25 = 0 THEN 'us' ELSE 'customer' END, CASE WHEN i % 10 > 0 THEN 1 + i % 20 END,
       CASE WHEN i % 40 = 0 THEN ARRAY['vip'] WHEN i % 7 = 0 THEN ARRAY['billing'] ELSE '{}' END, 3,
       CASE WHEN i % 6 = 0 THEN ARRAY['email'] ELSE '{}' END, CASE WHEN i % 6 = 0 THEN ARRAY['email'] ELSE '{}' END,
       CASE WHEN i % 200 = 7 THEN ARRAY['sms'] ELSE '{}' END
  FROM (SELECT *, order_id AS i FROM shop_order) o ORDER BY i;
INSERT INTO ticket_order SELECT shop_id, ticket_id, order_id FROM ticket;
INSERT INTO counter (shop_id, ticket_id, channel, granted, used, remaining, shortfall, low_at)
SELECT shop_id, ticket_id, c, 10, u, 10 - u, CASE WHEN c = ANY (owing_channels) THEN 1 ELSE 0 END, 2
  FROM ticket, unnest(ARRAY['email', 'sms', 'video']) c CROSS JOIN LATERAL (SELECT CASE WHEN c = ANY (ticket.empty_channels) THEN 10 ELSE ticket.ticket_id % 8 END AS u) x;
INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, order_id, line_id, granted, entitled, used, currency, value_minor, starts_at)
SELECT k.shop_id, k.ticket_id, k.channel, 'order', k.ticket_id, k.ticket_id, 10, 10, k.used, 'EUR', 0, now() FROM counter k ORDER BY k.ticket_id, k.channel;
INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id, recorded_at, effective_at)
SELECT s.shop_id, 1 + (i * 7919) % :tickets, (ARRAY['email','sms','video'])[1 + i % 3], 'usage', 1, i % 10, ARRAY[1 + i % 3], ARRAY[1], ARRAY[0], a.actor_id,
       now() - (:entries - i) * interval '2 years' / :entries, now() - (:entries - i) * interval '2 years' / :entries
  FROM shop s, (SELECT min(actor_id) AS actor_id FROM actor) a, generate_series(1::bigint, :entries) i;
-- Words of a frequency as in a language: some in every tenth message, most in one of thousands.
INSERT INTO message (shop_id, ticket_id, version, kind, channel, direction, state, user_id, body, created_at)
SELECT t.shop_id, t.ticket_id, n, 'message', 'email', CASE WHEN n = 2 THEN 'out' ELSE 'in' END, CASE WHEN n = 2 THEN 'sent' ELSE 'received' END,
       CASE WHEN n = 2 THEN 1 + t.ticket_id % 20 END,
       'Pozdravljeni, prosim za pomoč: ' || (SELECT string_agg('beseda' || floor(50000 * power(abs(hashint8(t.ticket_id * 40 + n * 13 + w)::bigint % 100003) / 100003.0, 4))::text, ' ')
                                              FROM generate_series(1, 24) w), t.opened_at + n * interval '1 hour'
  FROM ticket t, generate_series(1, 3) n;
INSERT INTO customer_address SELECT shop_id, customer_id, 'email', email, created_at FROM customer;
INSERT INTO ticket_search
SELECT t.shop_id, t.ticket_id, array_to_tsvector(search_words(concat_ws(' ', t.ticket_id, t.subject, c.name, c.email, c.phone, o.number, m.body)) || phone_words(c.phone))
  FROM ticket t
  JOIN customer c ON c.shop_id = t.shop_id AND c.customer_id = t.customer_id
  JOIN shop_order o ON o.shop_id = t.shop_id AND o.order_id = t.order_id
  JOIN (SELECT shop_id, ticket_id, string_agg(body, ' ') AS body FROM message GROUP BY 1, 2) m ON m.shop_id = t.shop_id AND m.ticket_id = t.ticket_id;
SET session_replication_role = DEFAULT;
SELECT setval('ticket_number', :tickets + 1), setval('customer_customer_id_seq', :tickets), setval('staff_user_id_seq', 100);
VACUUM (ANALYZE);
