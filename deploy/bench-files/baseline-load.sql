-- 100k customers, 300k... : 100k tickets x 3 channels = 300k lots, 5M ledger rows spread over 24 months
INSERT INTO customer(customer_id,email,name) OVERRIDING SYSTEM VALUE SELECT i,'user'||i||'@example.test','User '||i FROM generate_series(1,34000) i;
INSERT INTO orders(order_id,order_ref,customer_id,payload) OVERRIDING SYSTEM VALUE SELECT i,'seed-'||i,i/3+1,'{"sku":"SUP-1","qty":1}' FROM generate_series(1,100000) i;
INSERT INTO ticket(ticket_id,customer_id,order_id,subject) OVERRIDING SYSTEM VALUE SELECT i,i/3+1,i,'Support for seed-'||i FROM generate_series(1,100000) i;
INSERT INTO lot SELECT i,c,2000000000,2000000000 FROM generate_series(1,100000) i, generate_series(1,3) c;
SELECT setval(pg_get_serial_sequence('customer','customer_id'),34000), setval(pg_get_serial_sequence('orders','order_id'),100000), setval(pg_get_serial_sequence('ticket','ticket_id'),100000);
INSERT INTO ledger(ts,ticket_id,customer_id,channel,delta,remaining,idem_key)
SELECT timestamptz '2024-07-01' + (i * (interval '730 days' / :rows)), t, t/3+1, 1+(i%3), -(1+(i%2)), (i*7)%5000, gen_random_uuid()
FROM (SELECT i, 1+(random()*99998)::bigint AS t FROM generate_series(1,:rows) i) s;
VACUUM (ANALYZE, FREEZE);
