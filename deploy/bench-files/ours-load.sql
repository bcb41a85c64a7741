-- As many tickets, counters and entries as the baseline has: 100,000 tickets with three channels, each one grant that a benchmark cannot use up
-- (granted 2,000,000,000 is beyond what an order may grant, so it is put in by hand here).
INSERT INTO customer (shop_id, customer_id, email, name, created_at)
SELECT s.shop_id, i, 'user' || i || '@example.test', 'User ' || i, now() FROM shop s, generate_series(1, 34000) i;
INSERT INTO ticket (shop_id, ticket_id, customer_id, subject, opened_at, updated_at)
SELECT s.shop_id, i, i / 3 + 1, 'Support', now(), now() FROM shop s, generate_series(1, 100000) i;
INSERT INTO counter (shop_id, ticket_id, channel, granted, remaining)
SELECT s.shop_id, i, c, 2000000000, 2000000000 FROM shop s, generate_series(1, 100000) i, unnest(ARRAY['email', 'sms', 'video']) c;
INSERT INTO credit_grant (shop_id, ticket_id, channel, kind, granted, entitled, currency, value_minor, starts_at)
SELECT k.shop_id, k.ticket_id, k.channel, 'adjustment', 2000000000, 2000000000, 'EUR', 0, now() FROM counter k ORDER BY k.ticket_id, k.channel;
UPDATE counter k SET burn_grant = g.grant_id, burn_left = g.remaining FROM credit_grant g WHERE g.shop_id = k.shop_id AND g.ticket_id = k.ticket_id AND g.channel = k.channel;
VACUUM FULL counter;
INSERT INTO entry (shop_id, ticket_id, channel, kind, quantity, balance_after, slice_grants, slice_quantities, slice_values, actor_id, recorded_at, effective_at)
SELECT s.shop_id, t, (ARRAY['email', 'sms', 'video'])[1 + i % 3], 'usage', 1 + i % 2, (i * 7) % 5000, ARRAY[t * 3 - 2 + i % 3], ARRAY[1 + i % 2], ARRAY[0],
       a.actor_id, timestamptz '2024-07-01' + (i * (interval '730 days' / :rows)), timestamptz '2024-07-01' + (i * (interval '730 days' / :rows))
  FROM shop s, actor a, (SELECT i, 1 + (random() * 99998)::bigint AS t FROM generate_series(1, :rows) i) x WHERE a.kind = 'system' LIMIT :rows;
VACUUM (ANALYZE, FREEZE);
