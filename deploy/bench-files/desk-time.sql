-- The statements behind the list, its counts, the search and a ticket's page, each a few times over other rows: server times by EXPLAIN ANALYZE.
CREATE OR REPLACE FUNCTION pg_temp.took(p_statement text, p_times integer) RETURNS TABLE (ms_median numeric, ms_p95 numeric) LANGUAGE plpgsql AS $$
DECLARE plan json; times numeric[] := '{}';
BEGIN
    FOR i IN 1 .. p_times LOOP
        EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT json) ' || replace(p_statement, '#n', (1 + (i * 7919) % (SELECT max(ticket_id) FROM ticket))::text) INTO plan;
        times := times || ((plan -> 0 ->> 'Execution Time')::numeric + (plan -> 0 ->> 'Planning Time')::numeric);
    END LOOP;
    RETURN QUERY SELECT round(percentile_cont(0.5) WITHIN GROUP (ORDER BY t)::numeric, 2), round(percentile_cont(0.95) WITHIN GROUP (ORDER BY t)::numeric, 2) FROM unnest(times) t;
END $$;
\pset footer off
SELECT s.name, t.* FROM (VALUES
    (1, 'list waiting for us', 'SELECT ticket_id FROM ticket t WHERE shop_id = 1 AND queue = 0 ORDER BY queue, waiting_since, ticket_id LIMIT 51'),
    (2, 'list unassigned, newest', 'SELECT ticket_id FROM ticket t WHERE shop_id = 1 AND assignee_id IS NULL AND queue < 2 ORDER BY ticket_id DESC LIMIT 51'),
    (3, 'list low credit, by credit', 'SELECT ticket_id FROM ticket t WHERE shop_id = 1 AND credit_rank < 3 AND queue < 2 ORDER BY credit_rank, queue, waiting_since, ticket_id LIMIT 51'),
    (4, 'list owing, changed', 'SELECT ticket_id FROM ticket t WHERE shop_id = 1 AND credit_rank = 0 ORDER BY updated_at DESC, ticket_id DESC LIMIT 51'),
    (5, 'list mine, changed', 'SELECT ticket_id FROM ticket t WHERE shop_id = 1 AND assignee_id = 3 AND queue < 2 ORDER BY updated_at DESC, ticket_id DESC LIMIT 51'),
    (6, 'counters of a page', 'SELECT * FROM counters_at(1, ARRAY(SELECT ticket_id FROM ticket WHERE shop_id = 1 AND ticket_id > #n ORDER BY ticket_id LIMIT 50), now())'),
    (7, 'count of all', 'SELECT count(*) FROM (SELECT FROM ticket t WHERE shop_id = 1 LIMIT 1000) x'),
    (8, 'count of low credit', 'SELECT count(*) FROM (SELECT FROM ticket t WHERE shop_id = 1 AND credit_rank < 3 AND queue < 2 LIMIT 1000) x'),
    (9, 'count of unassigned', 'SELECT count(*) FROM (SELECT FROM ticket t WHERE shop_id = 1 AND assignee_id IS NULL AND queue < 2 LIMIT 1000) x'),
    (10, 'tags of the pickers', 'SELECT tag FROM (SELECT tags FROM ticket WHERE shop_id = 1 AND queue < 2 AND tags <> ''{}'' ORDER BY queue, waiting_since LIMIT 2000) t, unnest(t.tags) AS tag GROUP BY tag ORDER BY count(*) DESC, tag LIMIT 100'),
    (11, 'search, rare word', 'SELECT ticket_id FROM ticket_search WHERE shop_id = 1 AND words @@ search_query(''beseda#n'') LIMIT 2001'),
    (12, 'search, frequent word', 'SELECT ticket_id FROM ticket_search WHERE shop_id = 1 AND words @@ search_query(''beseda0'') LIMIT 2001'),
    (13, 'search, beginning of most words', 'SELECT ticket_id FROM ticket_search WHERE shop_id = 1 AND words @@ search_query(''bes'') LIMIT 2001'),
    (14, 'search walk of 1,500', 'SELECT t.ticket_id, s.words @@ search_query(''beseda0'') FROM (SELECT * FROM ticket t WHERE shop_id = 1 ORDER BY ticket_id DESC LIMIT 1500) t JOIN ticket_search s USING (shop_id, ticket_id) ORDER BY ticket_id DESC'),
    (15, 'ticket: conversation', 'SELECT * FROM message WHERE shop_id = 1 AND ticket_id = #n ORDER BY message_id DESC LIMIT 51'),
    (16, 'ticket: ledger', 'SELECT * FROM entry WHERE shop_id = 1 AND ticket_id = #n ORDER BY entry_id DESC LIMIT 51'),
    (17, 'ticket: orders', 'SELECT * FROM shop_order o WHERE shop_id = 1 AND customer_id = (SELECT customer_id FROM ticket WHERE ticket_id = #n) ORDER BY order_id DESC LIMIT 50')
  ) s (place, name, statement) CROSS JOIN LATERAL pg_temp.took(s.statement, 40) t ORDER BY s.place;
